/**
 * JMH benchmarks of {@link storyloom.model.nn.kernel}, one class for each group of kernels, at the
 * shapes of the standard case. Only kernels are called here, no layer and no Spark.
 *
 * <p>Start with {@link storyloom.bench.kernel.KernelBenchmark}, which has the shapes; {@code
 * bin/bench kernels} runs all of them.
 */
package storyloom.bench.kernel;
