package storyloom.model.decode.search;

import java.util.List;
import storyloom.model.decode.search.Hypothesis.Next;

/** How one prompt comes to its stories, a token at a time. */
public interface Search {

  /** The drafts that want a token more; none when the search is over. */
  List<Hypothesis> live();

  /**
   * What a live draft may go on with. Drafts may be looked at by several threads at once.
   *
   * @param logits after constraints
   */
  List<Next> look(Hypothesis draft, NextTokenLogits logits);

  /**
   * Goes one step further.
   *
   * @param nexts what {@link #look} found for each of the live drafts
   */
  void step(List<List<Next>> nexts);

  /** The stories, best first. */
  List<DecodedStory> stories();
}
