package storyloom.serve.story;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import storyloom.model.decode.DecodeSettings;
import storyloom.model.decode.DecodeSettings.Strategy;
import storyloom.model.decode.GenerationRequest;
import storyloom.model.decode.PromptReader;
import storyloom.model.decode.search.DecodedStory;
import storyloom.model.decode.search.RandomStream;

/**
 * Stories that somebody waits for. A {@link StoryWriter} writes them and tells how it goes; whoever
 * waits reads that at a pace of its own, and never holds the writer up.
 */
public final class PendingStory {

  /** What becomes of an order, piece by piece. */
  public sealed interface News {

    /**
     * The first story has a token more.
     *
     * @param attention a weight for each token of the prompt; empty if it was not asked for
     */
    record Token(int id, float[] attention) implements News {}

    /**
     * All is written.
     *
     * @param stories the best one first, or in the order of their random numbers
     */
    record Done(List<DecodedStory> stories) implements News {}

    /** Nothing comes of it. */
    record Failed() implements News {}
  }

  private final List<GenerationRequest> requests;
  private final BlockingQueue<News> news = new LinkedBlockingQueue<>();
  private volatile boolean dropped;

  private PendingStory(PromptReader desk, int[] ids, StoryRequest wish, boolean followed) {
    DecodeSettings decoding = wish.decoding();
    boolean beam = decoding.strategy() == Strategy.BEAM;
    int searches = beam ? 1 : wish.stories();
    GenerationRequest.Listener follower =
        followed ? new Follower(wish.attention()) : GenerationRequest.Listener.NONE;
    requests = new ArrayList<>(searches);
    for (int story = 0; story < searches; story++) {
      requests.add(
          desk.request(
              ids,
              RandomStream.of(decoding.seed(), wish.prompt(), wish.key(story)),
              decoding,
              beam ? wish.stories() : 1,
              story == 0 ? follower : GenerationRequest.Listener.NONE));
    }
  }

  /**
   * An order that nobody works on yet.
   *
   * @param desk of the model that is to write it
   * @param ids of the prompt, at least one
   * @param followed whether each token of the first story is told
   */
  public static PendingStory of(PromptReader desk, int[] ids, StoryRequest wish, boolean followed) {
    return new PendingStory(desk, ids, wish, followed);
  }

  private final class Follower implements GenerationRequest.Listener {

    private final boolean attention;

    Follower(boolean attention) {
      this.attention = attention;
    }

    @Override
    public boolean wantsAttention() {
      return attention;
    }

    @Override
    public void wrote(int token, float[] weights) {
      news.add(new News.Token(token, weights));
    }
  }

  /**
   * Waits for the next piece of news.
   *
   * @param millis how long at most
   * @return null if there was none
   */
  public News next(long millis) throws InterruptedException {
    return news.poll(millis, TimeUnit.MILLISECONDS);
  }

  List<GenerationRequest> requests() {
    return requests;
  }

  /** Rows of a batch that this takes at most. */
  int rows() {
    return requests.stream().mapToInt(GenerationRequest::rows).sum();
  }

  boolean isDone() {
    return requests.stream().allMatch(GenerationRequest::isDone);
  }

  void tellDone() {
    news.add(new News.Done(requests.stream().flatMap(each -> each.stories().stream()).toList()));
  }

  void tellFailed() {
    news.add(new News.Failed());
  }

  /** Nobody waits for it any more. */
  void drop() {
    dropped = true;
  }

  boolean isDropped() {
    return dropped;
  }
}
