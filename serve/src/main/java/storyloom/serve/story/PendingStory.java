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
 * The stories of one request, from its admission to their ends. A {@link StoryWriter} writes them
 * and reports events; whoever waits takes those at a pace of its own, and never holds the writer
 * up.
 */
public final class PendingStory {

  /** What becomes of the stories, step by step. */
  public sealed interface Event {

    /**
     * The first story has a token more.
     *
     * @param attention a weight for each token of the prompt; empty if it was not asked for
     */
    record Token(int id, float[] attention) implements Event {}

    /**
     * All is written.
     *
     * @param stories the best one first, or in the order of their random numbers
     */
    record Done(List<DecodedStory> stories) implements Event {}

    /** Nothing comes of it. */
    record Failed() implements Event {}
  }

  private final List<GenerationRequest> searches = new ArrayList<>();
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private volatile boolean cancelled;

  /**
   * Stories that nobody works on yet: one beam search, or a search for each story.
   *
   * @param promptReader of the model that is to write them
   * @param prompt one that was not rejected
   * @param streamed whether each token of the first story is an event
   */
  public PendingStory(
      PromptReader promptReader,
      PromptReader.Reading prompt,
      StoryRequest request,
      boolean streamed) {
    DecodeSettings decoding = request.decoding();
    boolean beam = decoding.strategy() == Strategy.BEAM;
    GenerationRequest.Listener listener =
        streamed ? listener(request.attention()) : GenerationRequest.Listener.NONE;
    for (int story = 0; story < (beam ? 1 : request.stories()); story++) {
      searches.add(
          promptReader.request(
              prompt,
              RandomStream.of(decoding.seed(), request.prompt(), request.key(story)),
              decoding,
              beam ? request.stories() : 1,
              story == 0 ? listener : GenerationRequest.Listener.NONE));
    }
  }

  private GenerationRequest.Listener listener(boolean attention) {
    return new GenerationRequest.Listener() {
      @Override
      public boolean wantsAttention() {
        return attention;
      }

      @Override
      public void wrote(int token, float[] weights) {
        events.add(new Event.Token(token, weights));
      }
    };
  }

  /**
   * Waits for the next event.
   *
   * @param millis how long at most
   * @return null if there was none
   */
  public Event poll(long millis) throws InterruptedException {
    return events.poll(millis, TimeUnit.MILLISECONDS);
  }

  List<GenerationRequest> searches() {
    return searches;
  }

  /** Rows of a batch that this takes at most. */
  int rows() {
    return searches.stream().mapToInt(GenerationRequest::rows).sum();
  }

  /** Reports the stories if all of them are written; whether they are. */
  boolean finishIfDone() {
    boolean done = searches.stream().allMatch(GenerationRequest::isDone);
    if (done) {
      events.add(
          new Event.Done(searches.stream().flatMap(each -> each.stories().stream()).toList()));
    }
    return done;
  }

  void fail() {
    events.add(new Event.Failed());
  }

  /** Nobody waits for it any more. */
  void cancel() {
    cancelled = true;
  }

  boolean isCancelled() {
    return cancelled;
  }
}
