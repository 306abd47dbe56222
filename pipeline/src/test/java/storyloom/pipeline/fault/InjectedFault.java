package storyloom.pipeline.fault;

import org.apache.spark.TaskContext;

/** Thrown by a task because a test wants it to. */
final class InjectedFault extends RuntimeException {

  private static final long serialVersionUID = 1;

  InjectedFault(TaskContext task) {
    super("injected fault in stage %d, task %d".formatted(task.stageId(), task.partitionId()));
  }
}
