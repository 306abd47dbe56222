package storyloom.jobs.evaluate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import storyloom.model.bundle.Provenance;
import storyloom.model.eval.Evaluation;
import storyloom.model.eval.PromptRanking;
import storyloom.model.eval.StoryStatistics;
import storyloom.model.text.token.TextSettings;
import storyloom.pipeline.evaluate.Evaluator.PairScore;
import storyloom.pipeline.evaluate.TrainingNgrams.Quotations;

/**
 * All that was found out about a model.
 *
 * @param provenance where it comes from
 * @param text how it reads
 * @param parents the models that it was made from one after another, the nearest first; the last
 *     may be gone
 * @param evaluation by all pairs
 * @param pairs the score of each, by their keys; none if it was not asked for
 * @param sample what a sample showed; empty if none was asked for
 */
public record EvaluatedModel(
    Provenance provenance,
    TextSettings text,
    List<String> parents,
    Evaluation evaluation,
    List<PairScore> pairs,
    Optional<EvaluatedSample> sample) {

  public EvaluatedModel {
    parents = List.copyOf(parents);
    pairs = List.copyOf(pairs);
  }

  /** Its version. */
  public String version() {
    return evaluation.model();
  }

  /** Names and values for programs, in the order in which they are to be written. */
  public Map<String, Object> figures() {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("nll_per_token", evaluation.nllPerToken());
    figures.put("perplexity_per_token", evaluation.perplexityPerToken());
    figures.put("perplexity_per_word", evaluation.perplexityPerWord());
    figures.put("accuracy", evaluation.accuracy());
    figures.put("tokens", evaluation.tally().tokens());
    figures.put("words", evaluation.words());
    figures.put("oov_rate", evaluation.oovRate());
    figures.put("pairs", evaluation.pairs());
    figures.put("skipped", evaluation.skipped());
    figures.put("model", evaluation.model());
    sample.ifPresent(each -> add(figures, each));
    return figures;
  }

  private static void add(Map<String, Object> figures, EvaluatedSample sample) {
    figures.put("prompt_ranking", sample.ranking().map(PromptRanking::accuracy).orElse(null));
    figures.put("sample", sample.stories().prompts().size());
    add(figures, "", sample.stories().writtenStatistics());
    add(figures, "human_", sample.stories().humanStatistics());
    figures.put("sentence_order", sample.writtenOrderShare().orElse(null));
    figures.put("human_sentence_order", sample.humanOrderShare().orElse(null));
    Optional<Quotations> written = sample.writtenQuotations();
    figures.put("copied_8grams", written.map(Quotations::share).orElse(null));
    figures.put(
        "human_copied_8grams", sample.humanQuotations().map(Quotations::share).orElse(null));
    figures.put("longest_quotation", written.map(Quotations::words).orElse(null));
  }

  private static void add(Map<String, Object> figures, String prefix, StoryStatistics statistics) {
    figures.put(prefix + "words_per_story", statistics.wordsPerStory());
    figures.put(prefix + "distinct_1", statistics.distinct1());
    figures.put(prefix + "distinct_2", statistics.distinct2());
    figures.put(prefix + "distinct_3", statistics.distinct3());
    figures.put(prefix + "repeated_4grams", statistics.repeatedFourGrams());
    figures.put(prefix + "prompt_words", statistics.promptWords());
    figures.put(prefix + "other_prompt_words", statistics.otherPromptWords());
    figures.put(prefix + "person_kept", statistics.personKept());
  }
}
