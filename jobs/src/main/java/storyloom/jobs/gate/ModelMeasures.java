package storyloom.jobs.gate;

import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import storyloom.model.registry.VersionRecord;

/**
 * What a gate looks at.
 *
 * @param model its version
 * @param perplexityPerWord on the held-out pairs
 * @param ranking share of the sample's stories whose own prompt came first of ten; empty where the
 *     sample has too few different prompts
 * @param repetition share of four words in a row that its stories had already; 0 for stories that
 *     are too short to have any
 * @param emptyStories how many of the fixed prompts it had no story for
 */
public record ModelMeasures(
    String model,
    double perplexityPerWord,
    Optional<Double> ranking,
    double repetition,
    int emptyStories) {

  /** Names and values as they stand in a version's record. */
  public SortedMap<String, Double> figures() {
    SortedMap<String, Double> figures = new TreeMap<>();
    figures.put(VersionRecord.PERPLEXITY, perplexityPerWord);
    ranking.ifPresent(share -> figures.put("prompt_ranking", share));
    figures.put("repeated_4grams", repetition);
    figures.put("empty_stories", (double) emptyStories);
    return figures;
  }
}
