/** The commands that spark-submit runs. */
package storyloom.jobs;
