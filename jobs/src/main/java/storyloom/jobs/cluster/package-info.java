/**
 * A command's connection to Spark, with the configuration that suits this program and a check that
 * executors reach the user's files. Nothing here knows of corpora or models.
 *
 * <p>Read first: {@link storyloom.jobs.cluster.ClusterSession}.
 */
package storyloom.jobs.cluster;
