package storyloom.model.decode;

import java.util.ArrayList;
import java.util.List;
import storyloom.model.decode.search.BannedWords;
import storyloom.model.decode.search.DecodedStory;
import storyloom.model.decode.search.Hypothesis;
import storyloom.model.decode.search.NextTokenLogits;
import storyloom.model.decode.search.OtherPrompts;
import storyloom.model.decode.search.RandomStream;
import storyloom.model.decode.search.Search;
import storyloom.model.decode.search.SingleSearch;
import storyloom.model.decode.search.TokenConstraints;

/**
 * A prompt on its way to its stories, as part of a {@link StoryBatch}. It is of one thread at a
 * time.
 */
public final class GenerationRequest {

  /**
   * Hears of each token of a story when it is written, from the thread that takes the steps, which
   * it must not hold up. Of a beam search it hears nothing: no token is sure before the end.
   */
  public interface Listener {

    /** Hears nothing. */
    Listener NONE =
        new Listener() {
          @Override
          public boolean wantsAttention() {
            return false;
          }

          @Override
          public void wrote(int token, float[] attention) {}
        };

    /** Whether attention is wanted with each token. */
    boolean wantsAttention();

    /**
     * A token more, {@code <end>} excluded.
     *
     * @param attention [S]: how much the model looked at each token of the prompt when it wrote
     *     this one, 1 in all; empty if it is not wanted or the model has no attention
     */
    void wrote(int token, float[] attention);
  }

  private final int[] prompt;
  private final Search search;
  private final int wanted;
  private final DecodeSettings settings;
  private final List<int[]> others;
  private final List<Search> readings = new ArrayList<>();
  private final TokenConstraints constraints;
  private final BannedWords banned;
  private final int rows;
  private final Listener listener;

  /**
   * @param prompt ids, at least one token
   * @param stream the random numbers of its story
   * @param settings how the stories are written
   * @param wanted stories, at least 1; there are fewer where a beam is too narrow to find as many,
   *     and no more than there are drafts where the strategy has no beam
   * @param others prompts that drafts are compared by, if there are several
   * @param banned what the settings' banned words are to the model
   */
  public GenerationRequest(
      int[] prompt,
      RandomStream stream,
      DecodeSettings settings,
      int wanted,
      OtherPrompts others,
      BannedWords banned,
      Listener listener) {
    if (wanted < 1) {
      throw new IllegalArgumentException("at least 1 story must be wanted, not " + wanted);
    }
    this.prompt = prompt;
    this.search = settings.search(stream, wanted);
    this.wanted = wanted;
    this.settings = settings;
    this.others =
        settings.candidates() > 1 && settings.drafts().areCompared()
            ? others.ofLength(prompt.length)
            : List.of();
    this.constraints = settings.constraints();
    this.banned = banned;
    this.rows = settings.rowsPerPrompt();
    this.listener = listener;
  }

  /** The ids of the prompt that the rows of {@link #search} look at. */
  int[] prompt() {
    return readings.isEmpty() ? prompt : others.get(readings.size() - 1);
  }

  /** What is done now: the drafts are written, or read after another prompt. */
  Search search() {
    return readings.isEmpty() ? search : readings.get(readings.size() - 1);
  }

  /**
   * Where one search is over, begins the next: the drafts are read after the next of the other
   * prompts.
   *
   * @return false if no search is left
   */
  boolean beginNext() {
    if (readings.size() == others.size() || search.stories().size() == 1) {
      return false;
    }
    readings.add(SingleSearch.reading(search.stories(), constraints.maxTokens()));
    return true;
  }

  Listener listener() {
    return listener;
  }

  /** The tokens that may continue a hypothesis. */
  List<Hypothesis.Next> expand(Hypothesis hypothesis, NextTokenLogits logits) {
    if (readings.isEmpty()) {
      constraints.apply(hypothesis.tokens(), banned, logits);
    }
    return search().expand(hypothesis, logits);
  }

  /** Rows of a batch that this takes at most. */
  public int rows() {
    return rows;
  }

  /** Whether the stories are written. */
  public boolean isDone() {
    return search().live().isEmpty();
  }

  /** The stories, best first; to be asked for when they are written. */
  public List<DecodedStory> stories() {
    List<DecodedStory> found = search.stories();
    if (settings.candidates() > 1) {
      found = settings.drafts().ranked(found, readings.stream().map(Search::stories).toList());
    }
    return found.subList(0, Math.min(wanted, found.size()));
  }
}
