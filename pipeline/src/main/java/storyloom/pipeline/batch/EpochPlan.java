package storyloom.pipeline.batch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import storyloom.model.nn.Minibatch;
import storyloom.model.nn.kernel.DropoutStream;

/**
 * Which pairs of a worker's shard are trained on together in an epoch, and in which order:
 * shuffled, sorted by story length within windows of {@value #WINDOW} minibatches so that little is
 * padding, cut into minibatches, and these shuffled again. A pure function of shard, seed, epoch
 * and worker; each pair stands in exactly one minibatch.
 */
public final class EpochPlan {

  /** Minibatches whose pairs are sorted together. */
  private static final int WINDOW = 50;

  private final PairShard shard;
  private final List<int[]> minibatches;

  private EpochPlan(PairShard shard, List<int[]> minibatches) {
    this.shard = shard;
    this.minibatches = minibatches;
  }

  /**
   * @param shard the worker's pairs
   * @param batch pairs in a minibatch; the last one of a window may have fewer
   * @param seed the run's seed
   * @param epoch counted from 0
   * @param worker counted from 0
   */
  public static EpochPlan of(PairShard shard, int batch, long seed, int epoch, int worker) {
    long key = DropoutStream.mix(DropoutStream.mix(seed, epoch), worker);
    SplittableRandom random = new SplittableRandom(key);
    Integer[] order = IntStream.range(0, shard.size()).boxed().toArray(Integer[]::new);
    shuffle(order, random);
    List<int[]> minibatches = new ArrayList<>();
    for (int start = 0; start < order.length; start += batch * WINDOW) {
      int end = Math.min(start + batch * WINDOW, order.length);
      Arrays.sort(order, start, end, Comparator.comparingInt(shard::storyLength));
      for (int from = start; from < end; from += batch) {
        minibatches.add(
            Arrays.stream(order, from, Math.min(from + batch, end))
                .mapToInt(Integer::intValue)
                .toArray());
      }
    }
    Object[] shuffled = minibatches.toArray();
    shuffle(shuffled, random);
    return new EpochPlan(shard, Arrays.stream(shuffled).map(int[].class::cast).toList());
  }

  /**
   * All pairs in minibatches of like length, for scoring: the order matters to nobody.
   *
   * @param shard the worker's pairs
   * @param batch pairs in a minibatch
   */
  public static EpochPlan inOrderOfLength(PairShard shard, int batch) {
    int[] order =
        IntStream.range(0, shard.size())
            .boxed()
            .sorted(Comparator.comparingInt(shard::storyLength))
            .mapToInt(Integer::intValue)
            .toArray();
    List<int[]> minibatches = new ArrayList<>();
    for (int from = 0; from < order.length; from += batch) {
      minibatches.add(Arrays.copyOfRange(order, from, Math.min(from + batch, order.length)));
    }
    return new EpochPlan(shard, minibatches);
  }

  /** How many minibatches a shard of so many pairs makes. */
  public static int minibatches(int pairs, int batch) {
    return (pairs + batch - 1) / batch;
  }

  /** Number of minibatches. */
  public int size() {
    return minibatches.size();
  }

  /** A minibatch by its place in the epoch, counted from 0. */
  public Minibatch minibatch(int number) {
    int[] pairs = minibatches.get(number);
    return new Minibatch(
        Arrays.stream(pairs).mapToObj(shard::prompt).toList(),
        Arrays.stream(pairs).mapToObj(shard::story).toList());
  }

  private static void shuffle(Object[] items, SplittableRandom random) {
    for (int i = items.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      Object kept = items[i];
      items[i] = items[other];
      items[other] = kept;
    }
  }
}
