/** JMH benchmarks of {@link storyloom.model.nn.kernel}, one class for each group of kernels. */
package storyloom.bench.kernel;
