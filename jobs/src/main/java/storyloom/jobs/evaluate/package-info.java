/**
 * What evaluate.jar finds out about a model, and about two of them beside each other. How it is
 * measured is {@code pipeline.evaluate}'s, how people are told is {@code jobs.report}'s.
 *
 * <p>Read first: {@link storyloom.jobs.evaluate.ModelEvaluation}.
 */
package storyloom.jobs.evaluate;
