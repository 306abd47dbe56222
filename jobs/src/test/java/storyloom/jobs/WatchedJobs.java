package storyloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;

/** Watches Spark for what its jobs say they are for. */
public final class WatchedJobs extends SparkListener {

  private static final String UNDESCRIBED = "no description: ";
  private static final Queue<String> SEEN = new ConcurrentLinkedQueue<>();

  /** Starts anew. */
  static void forget() {
    SEEN.clear();
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
    SEEN.add(
        Optional.ofNullable(job.properties().getProperty("spark.job.description"))
            .orElseGet(() -> UNDESCRIBED + job.stageInfos().last().name()));
  }
}
