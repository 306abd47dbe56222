/**
 * The commands that {@code spark-submit} and {@code bin/} run, one class with a {@code main} each.
 * They read as tables of contents: options first, then the steps in order, each a class of a
 * package below. No step is done here.
 *
 * <p>Read first: {@link storyloom.jobs.TrainJob}, which is a whole night.
 */
package storyloom.jobs;
