/**
 * Trainings on disk. {@link Checkpoint} is the one to read first: one directory, what is in it, how
 * it is written and read; {@link Checkpoints} is the folder of a run's, which are kept and which is
 * the newest whole one. Which run is resumed, and whether its settings still fit, is for {@code
 * jobs.train} to say.
 */
package storyloom.pipeline.train.checkpoint;
