/**
 * A search for settings on its way: what it starts or resumes with, its record, how it is shown,
 * and the file that its best trial becomes. Which settings are tried and how they are trained is
 * {@code pipeline.tune}'s.
 *
 * <p>Read first: {@link storyloom.jobs.tune.TuningStart}.
 */
package storyloom.jobs.tune;
