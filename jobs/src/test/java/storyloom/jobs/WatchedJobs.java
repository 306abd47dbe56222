package storyloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;

/** Watches Spark for what its jobs say they are for. */
public final class WatchedJobs extends SparkListener {

  private static final String UNDESCRIBED = "no description: ";
  private static final Queue<String> SEEN = new ConcurrentLinkedQueue<>();
  private static final AtomicReference<Call> NEXT_CALL = new AtomicReference<>();

  private record Call(String words, Runnable action) {}

  /** Starts anew. */
  static void forget() {
    SEEN.clear();
  }

  /** Does something, once, when a job begins that says these words. */
  static void call(String words, Runnable action) {
    NEXT_CALL.set(new Call(words, action));
  }

  /** What the jobs since said; Spark must have stopped, for it tells listeners late. */
  static List<String> seen() {
    return List.copyOf(SEEN);
  }

  /** Fails if one of them said nothing. */
  static void requireAllDescribed() {
    assertThat(SEEN).noneMatch(job -> job.startsWith(UNDESCRIBED));
  }

  @Override
  public void onJobStart(SparkListenerJobStart job) {
    String said =
        Optional.ofNullable(job.properties().getProperty("spark.job.description"))
            .orElseGet(() -> UNDESCRIBED + job.stageInfos().last().name());
    SEEN.add(said);
    Call call = NEXT_CALL.get();
    if (call != null && said.contains(call.words()) && NEXT_CALL.compareAndSet(call, null)) {
      call.action().run();
    }
  }
}
