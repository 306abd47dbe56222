/**
 * The training loop. {@link Trainer} is the one to read first: its method {@code train} is the loop
 * over epochs and rounds, with early stopping, checkpoints and the score of the validation split
 * after each epoch.
 *
 * <p>What a round does stands behind {@link storyloom.pipeline.train.plan.DistributionStrategy};
 * {@code train.average} holds its implementation. How trainings are set up, shown to people and
 * turned into models belongs to {@code jobs.train}; the gradient and its update to {@code
 * model.nn}.
 */
package storyloom.pipeline.train;
