/**
 * Processes that benchmarks start beside their own: clusters, and commands of the project as users
 * run them. All of them end with what has started them. Nothing here knows what is measured.
 *
 * <p>Start with {@link storyloom.bench.process.LocalCluster}.
 */
package storyloom.bench.process;
