/**
 * What trainings leave below home and need again: unfinished runs with their checkpoints, prepared
 * corpora, and the model that a training starts from. Models themselves are {@code
 * storyloom.model.registry}'s; how anything is trained stands in {@link storyloom.jobs.train}.
 *
 * <p>Read first: {@link storyloom.jobs.run.TrainingRun}.
 */
package storyloom.jobs.run;
