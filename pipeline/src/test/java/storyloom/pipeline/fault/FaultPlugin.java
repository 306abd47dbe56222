package storyloom.pipeline.fault;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.apache.spark.storage.BlockId;
import org.apache.spark.storage.BlockManager;
import org.apache.spark.util.TaskCompletionListener;
import scala.collection.JavaConverters;

/**
 * Delays tasks, lets some of them fail, as {@link Faults} say, and loses what others kept: for
 * {@code spark.plugins}.
 */
public final class FaultPlugin implements SparkPlugin {

  private static final AtomicLong THROWN = new AtomicLong();
  private static final AtomicInteger TO_LOSE = new AtomicInteger();

  /** How many tasks of this JVM have failed by a fault. */
  public static long thrown() {
    return THROWN.get();
  }

  /**
   * As if executors of this JVM were lost: what the next tasks keep in blocks of their own is gone
   * when they have ended.
   *
   * @param tasks how many
   */
  public static void loseBlocksOf(int tasks) {
    TO_LOSE.set(tasks);
  }

  /** How many tasks are still to lose their blocks. */
  public static int leftToLose() {
    return TO_LOSE.get();
  }

  @Override
  public DriverPlugin driverPlugin() {
    return null;
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new FaultyTasks();
  }

  /** Lies in a task's way; Spark calls it on the task's own thread. */
  private static final class FaultyTasks implements ExecutorPlugin {
    private final ThreadLocal<Long> attempt = new ThreadLocal<>();
    private SparkConf conf;

    @Override
    public void init(PluginContext plugins, Map<String, String> none) {
      conf = plugins.conf();
    }

    @Override
    public void onTaskStart() {
      TaskContext task = TaskContext.get();
      attempt.set(task.taskAttemptId());
      Faults faults = Faults.of(task, conf);
      pause(faults.delay(task));
      if (faults.fails(task)) {
        // what is thrown here and now would only be logged; a listener's exception fails the task
        task.addTaskCompletionListener((TaskCompletionListener) FaultyTasks::fail);
      }
    }

    /** Spark calls it before the driver hears of the end. */
    @Override
    public void onTaskSucceeded() {
      BlockManager blocks = SparkEnv.get().blockManager();
      String own = "_attempt" + attempt.get() + "_";
      List<BlockId> kept =
          JavaConverters.seqAsJavaList(
              blocks.getMatchingBlockIds(block -> block.name().contains(own)));
      if (!kept.isEmpty() && TO_LOSE.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        kept.forEach(block -> blocks.removeBlock(block, false));
      }
    }

    private static void pause(int milliseconds) {
      try {
        Thread.sleep(milliseconds);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private static void fail(TaskContext task) {
      THROWN.incrementAndGet();
      throw new InjectedFault(task);
    }
  }
}
