package storyloom.pipeline.train.plan;

import storyloom.model.nn.loss.LossTally;

/** Hears how a training goes, on the driver, in between rounds. */
public interface TrainingProgress {

  /** Nobody listens. */
  TrainingProgress UNWATCHED =
      new TrainingProgress() {
        @Override
        public void roundDone(RoundReport report) {}

        @Override
        public void epochDone(EpochReport report) {}
      };

  /** A round is done: its workers' states have become one. */
  void roundDone(RoundReport report);

  /** An epoch is done and scored. */
  void epochDone(EpochReport report);

  /** Reports to this one, then to another. */
  default TrainingProgress andThen(TrainingProgress next) {
    TrainingProgress first = this;
    return new TrainingProgress() {
      @Override
      public void roundDone(RoundReport report) {
        first.roundDone(report);
        next.roundDone(report);
      }

      @Override
      public void epochDone(EpochReport report) {
        first.epochDone(report);
        next.epochDone(report);
      }
    };
  }

  /**
   * What a round did.
   *
   * @param epoch counted from 0
   * @param round within the epoch, counted from 0
   * @param rounds in each epoch
   * @param tally loss and accuracy of all workers' minibatches, each before its update
   * @param times where its time went
   * @param learningRate of the round's last update
   * @param gradientNorm largest of the workers' last gradients' norms, before clipping
   */
  record RoundReport(
      int epoch,
      int round,
      int rounds,
      LossTally tally,
      Times times,
      double learningRate,
      double gradientNorm) {

    /**
     * Where a round's time went, in seconds; together they are the time from its start to its end.
     *
     * @param broadcast the state on its way out: cut up on the driver, and put into its graph by
     *     all workers of the slowest task
     * @param compute of the task whose workers trained longest together
     * @param reduce the state on its way back and into its mean, and all waiting: for a free slot,
     *     for Spark, for the slowest
     * @param update what the driver did when no task ran any more: the rest of the mean's way into
     *     its graph; without a cluster, the sum as well
     */
    public record Times(double broadcast, double compute, double reduce, double update) {

      /** The whole round. */
      public double total() {
        return broadcast + compute + reduce + update;
      }
    }

    /** From broadcast to averaged weights. */
    public double seconds() {
      return times.total();
    }

    /** Target tokens trained on in a second, by all workers together. */
    public double tokensPerSecond() {
      return tally.tokens() / seconds();
    }
  }

  /**
   * How an epoch ended.
   *
   * @param epoch counted from 0
   * @param train loss and accuracy while training, with dropout, each minibatch before its update
   * @param valid loss and accuracy of the averaged weights on the validation split
   * @param seconds of training, scoring left out
   */
  record EpochReport(int epoch, LossTally train, LossTally valid, double seconds) {}
}
