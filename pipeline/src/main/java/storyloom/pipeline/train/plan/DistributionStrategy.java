package storyloom.pipeline.train.plan;

import storyloom.pipeline.train.plan.TrainingProgress.RoundReport;

/**
 * How the minibatches of a round are spread over workers, and how what these have learned becomes
 * one model again: the seam between the trainer's loop and a way to train in parallel. All that it
 * changes is the state that it was made for: the driver's graph and its outer optimizer.
 */
public interface DistributionStrategy extends AutoCloseable {

  /**
   * Rounds in which each epoch trains on every pair once; the pairs are read when it is first asked
   * for.
   *
   * @throws StopRequest.Stopped if somebody has asked to stop
   * @throws storyloom.model.UserException of data if a shard is damaged
   */
  int roundsPerEpoch();

  /**
   * Trains for the round that comes next. When it returns, the graph has the new weights, the new
   * state of Adam and the number of updates that one worker has made since the training's start.
   *
   * @param position where the training stands, as does the graph; its round is below {@link
   *     #roundsPerEpoch}
   * @throws StopRequest.Stopped if it was given up; the graph is as it was
   * @throws DivergedException if the state, a loss or a gradient is not finite any more
   */
  RoundReport train(TrainingPosition position);

  /** Frees what the executors keep for the training. */
  @Override
  void close();
}
