package storyloom.model.decode.search;

import java.util.List;
import storyloom.model.decode.search.Hypothesis.Next;

/** How one prompt comes to its stories, a token at a time. */
public interface Search {

  /** The hypotheses that want a token more; none when the search is over. */
  List<Hypothesis> live();

  /**
   * The tokens that may continue a live hypothesis. Several threads may expand hypotheses at once.
   *
   * @param logits after constraints
   */
  List<Next> expand(Hypothesis hypothesis, NextTokenLogits logits);

  /**
   * Takes one step.
   *
   * @param nexts what {@link #expand} found for each of the live hypotheses
   */
  void step(List<List<Next>> nexts);

  /** The stories, best first. */
  List<DecodedStory> stories();
}
