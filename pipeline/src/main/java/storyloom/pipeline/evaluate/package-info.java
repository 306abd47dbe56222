/** Measures a model by pairs that people wrote, across the executors. */
package storyloom.pipeline.evaluate;
