package storyloom.pipeline.train.average;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import storyloom.model.nn.Seq2SeqGraph;
import storyloom.model.nn.config.Optimisation;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.kernel.NativeThreads;
import storyloom.pipeline.train.plan.TrainingPlan;

/**
 * A graph that an executor keeps from round to round, one for each task that runs at a time:
 * building one takes longer than many a round. What it held before does not matter, all of it is
 * overwritten by {@link StateBroadcast#loadInto}.
 */
public final class ExecutorGraph implements AutoCloseable {

  private record Key(Seq2SeqConfig model, Optimisation optimisation) {}

  private static final Deque<ExecutorGraph> IDLE = new ArrayDeque<>();

  private final Key key;
  private final Seq2SeqGraph model;
  private final StateSlices state;

  private ExecutorGraph(Key key) {
    this.key = key;
    this.model = Seq2SeqGraph.create(key.model(), key.optimisation());
    this.state = StateSlices.of(model.graph());
  }

  /**
   * A graph for this task alone, until closed. Idle graphs of another plan are freed: a run has one
   * plan.
   *
   * @param threads that it computes with
   */
  public static ExecutorGraph take(TrainingPlan plan, int threads) {
    NativeThreads.set(threads);
    Key wanted = new Key(plan.model(), plan.optimisation());
    synchronized (IDLE) {
      for (Iterator<ExecutorGraph> idle = IDLE.iterator(); idle.hasNext(); ) {
        ExecutorGraph graph = idle.next();
        idle.remove();
        if (graph.key.equals(wanted)) {
          return graph;
        }
        graph.model.close();
      }
    }
    return new ExecutorGraph(wanted);
  }

  /** Frees the graphs that wait in this JVM for another round. */
  public static void freeIdle() {
    synchronized (IDLE) {
      IDLE.forEach(graph -> graph.model.close());
      IDLE.clear();
    }
  }

  /** The graph; whoever takes it for a task gives it its state first. */
  public Seq2SeqGraph model() {
    return model;
  }

  StateSlices state() {
    return state;
  }

  /** Updates that it has made, those before the round included. */
  int iteration() {
    return model.graph().getConfiguration().getIterationCount();
  }

  void setStep(int iteration, int halvings) {
    model.graph().getConfiguration().setIterationCount(iteration);
    model.setHalvings(halvings);
  }

  /** Gives the graph back for the next task. */
  @Override
  public void close() {
    synchronized (IDLE) {
      IDLE.push(this);
    }
  }
}
