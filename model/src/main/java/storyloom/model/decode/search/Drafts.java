package storyloom.model.decode.search;

import java.io.Serializable;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How many stories are drafted for a prompt, and which of them is kept: the one with the greatest
 *
 * <pre>
 *   (log p(story | prompt) − λ · log p(story | other prompts)) / length
 * </pre>
 *
 * <p>where length counts {@code <end>}, and the second log probability is the mean over a few other
 * prompts. What would be as likely after any prompt, because it is said often, gains nothing by
 * that (maximum mutual information: Li et al. 2016, "MMI-antiLM", of whole stories).
 *
 * @param candidates stories that are drafted, at least 1
 * @param priorWeight λ: 0 keeps the likeliest draft, 1 the one that its prompt makes likelier than
 *     other prompts do by most
 */
public record Drafts(int candidates, double priorWeight) implements Serializable {

  /** Whether drafts are read after other prompts too. */
  public boolean areCompared() {
    return candidates > 1 && priorWeight > 0;
  }

  /**
   * Puts drafts in their order, the one that is kept first, of equal ones the earlier.
   *
   * @param drafts after their own prompt
   * @param others the same drafts in the same order after each of the other prompts; may be none
   */
  public List<DecodedStory> ranked(List<DecodedStory> drafts, List<List<DecodedStory>> others) {
    double[] scores =
        IntStream.range(0, drafts.size())
            .mapToDouble(
                i -> {
                  double prior =
                      others.stream()
                          .mapToDouble(read -> read.get(i).logProb())
                          .average()
                          .orElse(0);
                  return drafts.get(i).logProb() - priorWeight * prior;
                })
            .toArray();
    return IntStream.range(0, scores.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> scores[i]).reversed())
        .map(drafts::get)
        .toList();
  }
}
