/**
 * A training from its settings to its model: resuming or starting a run, preparing its corpus, the
 * call of the trainer, and what is reported meanwhile and at the end. The loop over rounds itself
 * is {@code storyloom.pipeline.train}'s; whether the model is used is decided in {@link
 * storyloom.jobs.gate}.
 *
 * <p>Read first: {@link storyloom.jobs.train.TrainingStart}, then {@link
 * storyloom.jobs.train.Training}.
 */
package storyloom.jobs.train;
