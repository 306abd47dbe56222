package storyloom.pipeline.train.plan;

/**
 * Where a round's time went, in seconds; together they are the time from its start to its end.
 *
 * @param broadcast the state on its way out: cut up on the driver, and put into its graph by the
 *     slowest worker
 * @param compute of the worker that trained longest
 * @param reduce the state on its way back and into its mean, and all waiting: for a free slot, for
 *     Spark, for the slowest
 * @param update the mean's way into the driver's graph
 */
public record RoundTimes(double broadcast, double compute, double reduce, double update) {

  /** No time at all. */
  static final RoundTimes NONE = new RoundTimes(0, 0, 0, 0);

  /** The whole round. */
  public double total() {
    return broadcast + compute + reduce + update;
  }

  /** What is not training. */
  public double overhead() {
    return total() - compute;
  }
}
