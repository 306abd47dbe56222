/**
 * The search for settings: which are tried ({@link storyloom.pipeline.tune.SearchSpace}), which of
 * them get how far ({@link storyloom.pipeline.tune.TrialScheduler}), what a trial does in a task
 * ({@link storyloom.pipeline.tune.TrialTask}), and how many of them run at a time ({@link
 * storyloom.pipeline.tune.Tuner}).
 *
 * <p>Read first: {@link storyloom.pipeline.tune.TrialScheduler}.
 */
package storyloom.pipeline.tune;
