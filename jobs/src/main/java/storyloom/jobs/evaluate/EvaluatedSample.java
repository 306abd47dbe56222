package storyloom.jobs.evaluate;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.IntFunction;
import storyloom.model.decode.AttentionMap;
import storyloom.model.eval.PromptRanking;
import storyloom.model.eval.Share;
import storyloom.model.eval.StoryCounts;
import storyloom.pipeline.evaluate.SentenceOrder;
import storyloom.pipeline.evaluate.StorySample;
import storyloom.pipeline.evaluate.TrainingNgrams;
import storyloom.pipeline.evaluate.TrainingNgrams.Quotations;

/**
 * What a sample of pairs has shown of a model.
 *
 * @param places of the own prompts of people's stories among ten, 0 for the first, by the pairs'
 *     places in the sample; none if there are too few different prompts
 * @param stories of people and of the model
 * @param writtenOrder of each of the model's stories whether it finds its own order of sentences
 *     likelier than another
 * @param humanOrder the same of those of people
 * @param training split of the model; empty if it is not known any more
 * @param attention what the model looked at while it wrote the first stories
 */
public record EvaluatedSample(
    SortedMap<Integer, Integer> places,
    StorySample stories,
    List<Share> writtenOrder,
    List<Share> humanOrder,
    Optional<TrainingNgrams> training,
    List<AttentionMap> attention) {

  /** How often stories were ranked where; empty if there are too few different prompts. */
  public Optional<PromptRanking> ranking() {
    return places.isEmpty()
        ? Optional.empty()
        : Optional.of(PromptRanking.of(List.copyOf(places.values())));
  }

  /** Of how many stories of the model their own order is the likelier. */
  public Optional<Double> writtenOrderShare() {
    return SentenceOrder.share(writtenOrder);
  }

  /** The same of people's. */
  public Optional<Double> humanOrderShare() {
    return SentenceOrder.share(humanOrder);
  }

  /** What the model's stories quote. */
  public Optional<Quotations> writtenQuotations() {
    return training.map(stories::writtenQuotations);
  }

  /** What those of people quote. */
  public Optional<Quotations> humanQuotations() {
    return training.map(stories::humanQuotations);
  }

  /**
   * The figure of a key as parts of wholes, story by story, by their places in the sample.
   *
   * @return empty for figures that are no sum over stories
   */
  Optional<SortedMap<Integer, Share>> byStory(String key) {
    return switch (key) {
      case "prompt_ranking" -> Optional.of(ranked());
      case "words_per_story" -> Optional.of(counted(counts -> new Share(counts.words(), 1)));
      case "repeated_4grams" -> Optional.of(counted(StoryCounts::repeatedFourGrams));
      case "prompt_words" -> Optional.of(counted(StoryCounts::promptWords));
      case "person_kept" -> Optional.of(counted(StoryCounts::personKept));
      case "sentence_order" -> Optional.of(byPlace(writtenOrder::get));
      case "human_sentence_order" -> Optional.of(byPlace(humanOrder::get));
      case "copied_8grams" ->
          training.map(
              split -> byPlace(i -> split.in(List.of(stories.written().get(i))).eightGrams()));
      default -> Optional.empty();
    };
  }

  private SortedMap<Integer, Share> ranked() {
    SortedMap<Integer, Share> shares = new TreeMap<>();
    places.forEach((story, place) -> shares.put(story, new Share(place == 0 ? 1 : 0, 1)));
    return shares;
  }

  private SortedMap<Integer, Share> counted(Function<StoryCounts, Share> count) {
    return byPlace(
        i -> count.apply(StoryCounts.of(stories.prompts().get(i), stories.written().get(i))));
  }

  private SortedMap<Integer, Share> byPlace(IntFunction<Share> share) {
    SortedMap<Integer, Share> shares = new TreeMap<>();
    for (int i = 0; i < stories.places().size(); i++) {
      shares.put(stories.places().get(i), share.apply(i));
    }
    return shares;
  }
}
