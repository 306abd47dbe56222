/**
 * What is around the work of every command: options, output for people and programs, exit statuses,
 * stopping, Spark's log. Nothing here knows what a command does, and no other package of jobs is
 * used.
 *
 * <p>Read first: {@link storyloom.jobs.cli.CommandRunner}.
 */
package storyloom.jobs.cli;
