package storyloom.pipeline.train.average;

import org.apache.spark.TaskContext;
import storyloom.model.nn.Seq2SeqGraph;
import storyloom.model.nn.UpdateSeries;
import storyloom.model.nn.loss.LossTally;
import storyloom.pipeline.batch.EpochPlan;

/**
 * What a task does with minibatches, one after another; one that Spark gives up stops in between.
 */
public final class MinibatchRange {

  private MinibatchRange() {}

  /**
   * An update for each minibatch of a range.
   *
   * @param first number of its first minibatch
   * @param end number behind its last one
   * @return loss and accuracy of the minibatches, each before its update
   */
  public static LossTally fit(Seq2SeqGraph graph, EpochPlan minibatches, int first, int end) {
    LossTally tally = LossTally.NONE;
    try (UpdateSeries series = graph.series()) {
      for (int number = first; number < end; number++) {
        TaskContext.get().killTaskIfInterrupted();
        tally = tally.plus(series.fit(minibatches.minibatch(number)));
      }
    }
    return tally;
  }

  /** Loss and accuracy of all minibatches, without dropout; nothing is learned. */
  public static LossTally score(Seq2SeqGraph graph, EpochPlan minibatches) {
    LossTally tally = LossTally.NONE;
    for (int number = 0; number < minibatches.size(); number++) {
      TaskContext.get().killTaskIfInterrupted();
      tally = tally.plus(graph.score(minibatches.minibatch(number)));
    }
    return tally;
  }
}
