/** Parameter averaging across the executors, exact and reproducible. */
package storyloom.pipeline.train;
