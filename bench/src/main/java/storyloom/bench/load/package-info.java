/**
 * What benchmarks are measured on: pairs as ids from a file or made up, shards of them, models with
 * untrained weights. Whatever is written here is temporary and deleted on closing. Nothing is timed
 * here.
 *
 * <p>Start with {@link storyloom.bench.load.IdsFile}, the file that the PyTorch yardstick reads as
 * well, or {@link storyloom.bench.load.SyntheticPairs}.
 */
package storyloom.bench.load;
