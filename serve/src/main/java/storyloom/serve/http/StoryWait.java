package storyloom.serve.http;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import storyloom.serve.story.PendingStory;
import storyloom.serve.story.PendingStory.News;

/** Waits for news of an order, as long as there is somebody to be told and time for it. */
final class StoryWait {

  private static final long LOOK_MILLIS = 100;

  private final PendingStory order;
  private final ClientConnection client;
  private final ServiceState state;
  private final long deadline;

  StoryWait(PendingStory order, ClientConnection client, ServiceState state, Duration time) {
    this.order = order;
    this.client = client;
    this.state = state;
    this.deadline = System.nanoTime() + time.toNanos();
  }

  /**
   * The next piece of news.
   *
   * @throws ClientGoneException if nobody waits for it any more
   * @throws ProblemException if the time is up, the service ends, or the order has failed
   */
  News next() throws InterruptedException {
    while (true) {
      News news = order.next(Math.max(0, Math.min(LOOK_MILLIS, millisLeft())));
      if (client.isGone()) {
        throw new ClientGoneException();
      }
      if (news instanceof News.Failed) {
        throw new ProblemException(state.isOver() ? Problem.stopping() : Problem.internal());
      }
      if (news != null) {
        return news;
      }
      if (state.isOver()) {
        throw new ProblemException(Problem.stopping());
      }
      if (millisLeft() <= 0) {
        throw new ProblemException(Problem.timeout());
      }
    }
  }

  private long millisLeft() {
    return TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
  }
}
