package storyloom.serve.http;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import storyloom.serve.http.ClientConnection.ClientGoneException;
import storyloom.serve.http.Problem.ProblemException;
import storyloom.serve.story.PendingStory;
import storyloom.serve.story.PendingStory.Event;

/** Waits for the events of a pending story, as long as its client does and there is time for it. */
final class StoryWait {

  private static final long LOOK_MILLIS = 100;

  private final PendingStory pending;
  private final ClientConnection client;
  private final ServiceState state;
  private final long deadline;

  StoryWait(PendingStory pending, ClientConnection client, ServiceState state, Duration time) {
    this.pending = pending;
    this.client = client;
    this.state = state;
    this.deadline = System.nanoTime() + time.toNanos();
  }

  /**
   * The next event, which is no failure.
   *
   * @throws ClientGoneException if nobody waits for it any more
   * @throws ProblemException if the time is up, the service ends, or the story has failed
   */
  Event next() throws InterruptedException {
    while (true) {
      Event event = pending.poll(Math.max(0, Math.min(LOOK_MILLIS, millisLeft())));
      if (client.isGone()) {
        throw new ClientGoneException();
      }
      if (event instanceof Event.Failed) {
        throw new ProblemException(state.isOver() ? Problem.stopping() : Problem.internal());
      }
      boolean late = millisLeft() <= 0; // events may come faster than they are taken
      if (event instanceof Event.Done || (event != null && !late && !state.isOver())) {
        return event;
      }
      if (state.isOver()) {
        throw new ProblemException(Problem.stopping());
      }
      if (late) {
        throw new ProblemException(Problem.timeout());
      }
    }
  }

  private long millisLeft() {
    return TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
  }
}
