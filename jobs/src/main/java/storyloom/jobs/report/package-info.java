/**
 * What people read of a run, an evaluation or a generation: pages of HTML that need no other file,
 * and progress. Nothing is measured or decided here.
 *
 * <p>Read first: {@link storyloom.jobs.report.RunReport}.
 */
package storyloom.jobs.report;
