package storyloom.pipeline.fault;

import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.SparkConf;
import org.apache.spark.TaskContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.apache.spark.util.TaskCompletionListener;

/** Delays tasks and lets some of them fail, as {@link Faults} say: for {@code spark.plugins}. */
public final class FaultPlugin implements SparkPlugin {

  private static final AtomicLong THROWN = new AtomicLong();

  /** How many tasks of this JVM have failed by a fault. */
  public static long thrown() {
    return THROWN.get();
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
    private SparkConf conf;

    @Override
    public void init(PluginContext plugins, Map<String, String> none) {
      conf = plugins.conf();
    }

    @Override
    public void onTaskStart() {
      TaskContext task = TaskContext.get();
      Faults faults = Faults.of(task, conf);
      pause(faults.delay(task));
      if (faults.fails(task)) {
        // what is thrown here and now would only be logged; a listener's exception fails the task
        task.addTaskCompletionListener((TaskCompletionListener) FaultyTasks::fail);
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
