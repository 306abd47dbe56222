package storyloom.pipeline.train.average;

import org.apache.spark.TaskContext;
import storyloom.model.nn.Seq2SeqGraph;
import storyloom.model.nn.UpdateSeries;
import storyloom.model.nn.layer.StoryWindow;
import storyloom.model.nn.loss.LossTally;
import storyloom.pipeline.batch.EpochPlan;

/**
 * What a task does with minibatches, one after another; one that Spark gives up stops in between.
 */
public final class MinibatchRange {

  private MinibatchRange() {}

  /**
   * An update for each window of each minibatch of a range. A series of windows is never parted:
   * the decoder's state goes from one to the next in the graph, and nowhere else.
   *
   * @param first number of its first minibatch
   * @param end number behind its last one
   * @return loss and accuracy of the minibatches, each before its update
   */
  public static LossTally fit(Seq2SeqGraph graph, EpochPlan minibatches, int first, int end) {
    LossTally tally = LossTally.NONE;
    try (UpdateSeries series = graph.series()) {
      for (int number = first; number < end; number++) {
        for (StoryWindow window : minibatches.windows(number)) {
          TaskContext.get().killTaskIfInterrupted();
          tally = tally.plus(series.fit(window));
        }
      }
    }
    return tally;
  }

  /** Loss and accuracy of all minibatches, without dropout; nothing is learned. */
  public static LossTally score(Seq2SeqGraph graph, EpochPlan minibatches) {
    LossTally tally = LossTally.NONE;
    for (int number = 0; number < minibatches.size(); number++) {
      TaskContext.get().killTaskIfInterrupted();
      tally = tally.plus(graph.score(minibatches.windows(number)));
    }
    return tally;
  }
}
