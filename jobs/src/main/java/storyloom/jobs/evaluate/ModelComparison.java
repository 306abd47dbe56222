package storyloom.jobs.evaluate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import storyloom.model.eval.Evaluation;
import storyloom.model.eval.PairedBootstrap;
import storyloom.model.eval.PairedBootstrap.Ratio;
import storyloom.model.eval.Share;
import storyloom.pipeline.evaluate.Evaluator.PairScore;

/**
 * Two models beside each other, measured by the same pairs.
 *
 * @param model the one that is asked about
 * @param other the one that it is compared with
 */
public record ModelComparison(EvaluatedModel model, EvaluatedModel other) {

  /** Figures of all pairs that only models of one vocabulary can be compared by. */
  private static final Set<String> OF_TOKENS = Set.of("perplexity_per_token", "accuracy");

  private static final List<String> OF_PAIRS =
      List.of("perplexity_per_word", "perplexity_per_token", "accuracy");

  private static final List<String> OF_SAMPLE =
      List.of(
          "prompt_ranking",
          "words_per_story",
          "distinct_1",
          "distinct_2",
          "distinct_3",
          "repeated_4grams",
          "prompt_words",
          "person_kept",
          "sentence_order",
          "human_sentence_order",
          "copied_8grams");

  /**
   * A figure of both.
   *
   * @param key its name in the JSON
   * @param model value of the one; null if it is not known
   * @param other value of the other
   * @param difference of the one less the other; empty where it says nothing
   * @param interval how sure it is; empty where that cannot be told, for the figure is no sum over
   *     stories
   */
  public record Difference(
      String key,
      Double model,
      Double other,
      Optional<Double> difference,
      Optional<PairedBootstrap> interval) {}

  /** Whether they predict the same tokens. */
  public boolean isOneVocabulary() {
    return model.provenance().vocabularyHash().equals(other.provenance().vocabularyHash());
  }

  /** The figures in which they may differ. */
  public List<Difference> differences() {
    Map<String, Object> own = model.figures();
    Map<String, Object> others = other.figures();
    List<Difference> differences = new ArrayList<>();
    for (String key : OF_PAIRS) {
      differences.add(difference(key, own, others, ofPairs(key)));
    }
    if (model.sample().isPresent() && other.sample().isPresent()) {
      for (String key : OF_SAMPLE) {
        differences.add(
            difference(
                key, own, others, ofSample(key, model.sample().get(), other.sample().get())));
      }
    }
    return differences;
  }

  private Difference difference(
      String key,
      Map<String, Object> own,
      Map<String, Object> others,
      Optional<PairedBootstrap> interval) {
    Double one = number(own, key);
    Double two = number(others, key);
    boolean says = one != null && two != null && (isOneVocabulary() || !OF_TOKENS.contains(key));
    return new Difference(
        key,
        one,
        two,
        says
            ? interval.map(PairedBootstrap::difference).or(() -> Optional.of(one - two))
            : Optional.empty(),
        interval);
  }

  private static Double number(Map<String, Object> figures, String key) {
    return figures.get(key) instanceof Number number ? (Double) number.doubleValue() : null;
  }

  private Optional<PairedBootstrap> ofPairs(String key) {
    if (OF_TOKENS.contains(key) && !isOneVocabulary()) {
      return Optional.empty();
    }
    return switch (key) {
      case "perplexity_per_word" ->
          PairedBootstrap.of(
              words(model, spelling(model)), words(other, spelling(other)), Math::exp);
      case "perplexity_per_token" -> tokens(pair -> pair.loss().nll(), Math::exp);
      default -> tokens(pair -> pair.loss().correct(), DoubleUnaryOperator.identity());
    };
  }

  private Optional<PairedBootstrap> tokens(
      ToDoubleFunction<PairScore> part, DoubleUnaryOperator figure) {
    return PairedBootstrap.of(
        ratio(model, part, pair -> pair.loss().tokens()),
        ratio(other, part, pair -> pair.loss().tokens()),
        figure);
  }

  /** What it costs to say which unknown word it is: that of the whole split, in each resample. */
  private static double spelling(EvaluatedModel model) {
    Evaluation evaluation = model.evaluation();
    return evaluation.unknownTypes() == 0 ? 0 : Math.log((double) evaluation.unknownTypes());
  }

  private static Ratio words(EvaluatedModel model, double spelling) {
    return ratio(model, pair -> pair.loss().ownNll() + spelling * pair.spelled(), PairScore::words);
  }

  private static Ratio ratio(
      EvaluatedModel model, ToDoubleFunction<PairScore> part, ToDoubleFunction<PairScore> whole) {
    return new Ratio(
        model.pairs().stream().mapToDouble(part).toArray(),
        model.pairs().stream().mapToDouble(whole).toArray());
  }

  private static Optional<PairedBootstrap> ofSample(
      String key, EvaluatedSample model, EvaluatedSample other) {
    Optional<SortedMap<Integer, Share>> own = model.byStory(key);
    Optional<SortedMap<Integer, Share>> others = other.byStory(key);
    if (own.isEmpty() || others.isEmpty()) {
      return Optional.empty();
    }
    Set<Integer> both = new TreeSet<>(own.get().keySet()); // one may reject a prompt
    both.retainAll(others.get().keySet());
    return PairedBootstrap.of(
        ratio(own.get(), both), ratio(others.get(), both), DoubleUnaryOperator.identity());
  }

  private static Ratio ratio(SortedMap<Integer, Share> shares, Set<Integer> stories) {
    return new Ratio(
        stories.stream().mapToDouble(story -> shares.get(story).part()).toArray(),
        stories.stream().mapToDouble(story -> shares.get(story).whole()).toArray());
  }

  /** What is to be kept in mind where they are compared, a line each. */
  public List<String> notes() {
    List<String> notes = new ArrayList<>();
    if (!model.text().tokenizer().equals(other.text().tokenizer())) {
      notes.add(
          "the models part text into tokens in different ways: perplexity per word can be compared, figures per token cannot");
    } else if (!isOneVocabulary()) {
      notes.add(
          "the models have different vocabularies: perplexity per word can be compared, figures per token cannot");
    }
    if (model.evaluation().words() != other.evaluation().words()) {
      notes.add(
          "the models read the stories differently, for they clean them by other rules or cut them at other lengths: the figures are not of quite the same texts");
    }
    return notes;
  }

  /** What to add to the figures of the one model, for programs. */
  public Map<String, Object> figures() {
    Map<String, Object> differences = new LinkedHashMap<>();
    for (Difference each : differences()) {
      each.interval()
          .ifPresent(
              interval -> {
                Map<String, Object> numbers = new LinkedHashMap<>();
                numbers.put("difference", interval.difference());
                numbers.put("low", interval.low());
                numbers.put("high", interval.high());
                differences.put(each.key(), numbers);
              });
    }
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("other", other.figures());
    figures.put("differences", differences);
    figures.put("resamples", PairedBootstrap.RESAMPLES);
    return figures;
  }
}
