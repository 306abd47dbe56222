package storyloom.jobs.report;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import scala.collection.JavaConverters;
import storyloom.jobs.cli.Console;
import storyloom.pipeline.generate.StoryGenerator;

/**
 * Says how many stories are written, how fast and how long it still takes, by what executors report
 * every few seconds and at the end of each task: in place on a terminal, else a line at a time.
 */
public final class StoryProgress extends SparkListener implements AutoCloseable {

  /** Between two lines if there is no terminal. */
  private static final long NANOSECONDS = 10_000_000_000L;

  private final long rows;
  private final Consumer<String> line;
  private final long pause;
  private final LongSupplier clock;
  private final long start;
  private final Map<Long, Long> doneByTask = new HashMap<>();
  private long last;
  private Runnable stop = () -> {};

  /**
   * @param rows how many there will be
   * @param line takes what is to be shown
   * @param pause nanoseconds between two lines, at least
   * @param clock nanoseconds
   */
  StoryProgress(long rows, Consumer<String> line, long pause, LongSupplier clock) {
    this.rows = rows;
    this.line = line;
    this.pause = pause;
    this.clock = clock;
    this.start = clock.getAsLong();
    this.last = start;
  }

  /** Watches until closed. */
  public static StoryProgress watch(SparkContext context, long rows) {
    StoryProgress progress =
        Console.isTerminal()
            ? new StoryProgress(rows, Console::status, 0, System::nanoTime)
            : new StoryProgress(rows, Console::say, NANOSECONDS, System::nanoTime);
    progress.stop =
        () -> {
          context.removeSparkListener(progress);
          if (Console.isTerminal()) {
            Console.status("");
          }
        };
    context.addSparkListener(progress);
    return progress;
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd ended) {
    long task = ended.taskInfo().taskId();
    if (!ended.taskInfo().successful()) {
      set(task, 0);
      return;
    }
    JavaConverters.seqAsJavaList(ended.taskInfo().accumulables()).forEach(each -> take(task, each));
  }

  @Override
  public void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate update) {
    JavaConverters.seqAsJavaList(update.accumUpdates())
        .forEach(
            task ->
                JavaConverters.seqAsJavaList(task._4())
                    .forEach(each -> take((long) task._1(), each)));
  }

  private void take(long task, AccumulableInfo count) {
    if (count.name().contains(StoryGenerator.TOLD) && count.update().isDefined()) {
      set(task, Long.parseLong(count.update().get().toString()));
    }
  }

  /** How many rows a task is done with; none if it failed. */
  void set(long task, long rowsDone) {
    doneByTask.put(task, rowsDone);
    long now = clock.getAsLong();
    long done = doneByTask.values().stream().mapToLong(Long::longValue).sum();
    if (done == 0 || now - last < pause) {
      return;
    }
    last = now;
    double perSecond = done / Math.max(1e-9, (now - start) / 1e9);
    line.accept(
        String.format(
            Locale.ROOT,
            "%,d of %,d stories, %.1f stories/s, %s left",
            done,
            rows,
            perSecond,
            Console.duration((rows - done) / perSecond)));
  }

  /** Watches no longer. */
  @Override
  public void close() {
    stop.run();
  }
}
