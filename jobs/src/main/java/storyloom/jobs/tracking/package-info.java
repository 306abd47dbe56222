/**
 * Reports of a run to a tracking server while it goes on. MLflow's client is used here and nowhere
 * else, and whatever happens to the server, the run does not notice.
 *
 * <p>Read first: {@link storyloom.jobs.tracking.ExperimentTracker}.
 */
package storyloom.jobs.tracking;
