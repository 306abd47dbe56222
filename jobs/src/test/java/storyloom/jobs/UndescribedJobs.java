package storyloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;

/** Watches Spark for jobs that do not say what they are for. */
public final class UndescribedJobs extends SparkListener {

  private static final Queue<String> SEEN = new ConcurrentLinkedQueue<>();

  /** Starts anew. */
  static void forget() {
    SEEN.clear();
  }

  /** Fails if there were any since; Spark must have stopped, for it tells listeners late. */
  static void requireNone() {
    assertThat(SEEN).as("jobs without a description").isEmpty();
  }

  @Override
  public void onJobStart(SparkListenerJobStart job) {
    if (job.properties().getProperty("spark.job.description") == null) {
      SEEN.add(job.stageInfos().last().name());
    }
  }
}
