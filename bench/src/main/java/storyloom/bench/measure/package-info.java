/**
 * How benchmarks measure: processor time, memory, the rounds of a training, and the printing of
 * figures. Nothing here knows what is measured, and no other package of the benchmarks is used.
 *
 * <p>Start with {@link storyloom.bench.measure.Figures}, which every command prints with.
 */
package storyloom.bench.measure;
