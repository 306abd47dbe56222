package storyloom.model.decode;

import java.util.List;
import storyloom.model.decode.search.DecodedStory;
import storyloom.model.decode.search.Hypothesis;
import storyloom.model.decode.search.NextTokenLogits;
import storyloom.model.decode.search.Search;
import storyloom.model.decode.search.TokenConstraints;

/**
 * A prompt on its way to its stories, as part of a {@link StoryBatch}. It is of one thread at a
 * time.
 */
public final class GenerationRequest {

  private final int[] prompt;
  private final Search search;
  private final TokenConstraints constraints;
  private final List<int[]> banned;
  private final int rows;
  private final TokenListener listener;

  /**
   * @param prompt at least one token
   * @param search not begun
   * @param settings how the stories are written
   * @param banned the ids of each word that is never written
   * @param listener is told of tokens as they are written
   */
  GenerationRequest(
      int[] prompt,
      Search search,
      DecodeSettings settings,
      List<int[]> banned,
      TokenListener listener) {
    this.prompt = prompt;
    this.search = search;
    this.constraints = settings.constraints();
    this.banned = banned;
    this.rows = settings.rowsPerPrompt();
    this.listener = listener;
  }

  /** The prompt's ids. */
  int[] prompt() {
    return prompt;
  }

  Search search() {
    return search;
  }

  TokenListener listener() {
    return listener;
  }

  /** What a draft may go on with. */
  List<Hypothesis.Next> look(Hypothesis draft, NextTokenLogits logits) {
    constraints.apply(draft.tokens(), banned, logits);
    return search.look(draft, logits);
  }

  /** Rows of a batch that this takes at most. */
  public int rows() {
    return rows;
  }

  /** Whether the stories are written. */
  public boolean isDone() {
    return search.live().isEmpty();
  }

  /** The stories, best first; to be asked for when they are written. */
  public List<DecodedStory> stories() {
    return search.stories();
  }
}
