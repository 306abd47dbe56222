package storyloom.model.decode;

import java.util.List;
import storyloom.model.decode.Draft.Next;

/** How one prompt comes to its stories, a token at a time. */
interface Search {

  /** The drafts that want a token more; none when the search is over. */
  List<Draft> live();

  /**
   * What a live draft may go on with. Drafts may be looked at by several threads at once.
   *
   * @param logits after constraints
   */
  List<Next> look(Draft draft, RowLogits logits);

  /**
   * Goes one step further.
   *
   * @param nexts what {@link #look} found for each of the live drafts
   */
  void step(List<List<Next>> nexts);

  /** The stories, best first. */
  List<DecodedStory> stories();
}
