package storyloom.pipeline.batch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import storyloom.model.nn.kernel.DropoutStream;
import storyloom.model.nn.layer.Minibatch;
import storyloom.model.nn.layer.StoryWindow;

/**
 * Which pairs of a worker's shard are trained on together in an epoch, and in which order. A pure
 * function of shard, size, seed, epoch and worker; each pair stands in exactly one minibatch.
 *
 * <p>Pairs are shuffled. Within windows of {@value #WINDOW} minibatches they are sorted by the
 * length of their stories; then, within buckets of {@value #BUCKET} minibatches, whose stories are
 * of like length by now, by that of their prompts: so little is padding on either side. They are
 * cut into minibatches, and these are shuffled again. Every other window and bucket is sorted the
 * other way round, for a minibatch of so many tokens may reach from one into the next.
 */
public final class EpochPlan {

  private static final int WINDOW = 100;
  private static final int BUCKET = 4;

  /** All that an order depends on besides the shard. */
  private record Key(BatchSize size, long seed, int epoch, int worker) {
    SplittableRandom random() {
      return new SplittableRandom(DropoutStream.mix(DropoutStream.mix(seed, epoch), worker));
    }
  }

  /** The last order of a shard: an epoch has many rounds, and each of them asks for it. */
  static final class Memo {
    private Key key;
    private EpochPlan plan;

    private synchronized EpochPlan get(PairShard shard, Key wanted) {
      if (!wanted.equals(key)) {
        plan = shuffled(shard, wanted);
        key = wanted;
      }
      return plan;
    }
  }

  private final PairShard shard;
  private final int tokensAtOnce;
  private final List<int[]> minibatches;

  private EpochPlan(PairShard shard, BatchSize size, List<int[]> minibatches) {
    this.shard = shard;
    this.tokensAtOnce = size.tokensAtOnce();
    this.minibatches = minibatches;
  }

  /**
   * The order of an epoch.
   *
   * @param shard the worker's pairs
   * @param size of a minibatch
   * @param seed the run's seed
   * @param epoch counted from 0
   * @param worker counted from 0
   */
  public static EpochPlan of(PairShard shard, BatchSize size, long seed, int epoch, int worker) {
    return shard.memo().get(shard, new Key(size, seed, epoch, worker));
  }

  private static EpochPlan shuffled(PairShard shard, Key key) {
    SplittableRandom random = key.random();
    BatchSize size = key.size();
    int[] order = IntStream.range(0, shard.size()).toArray();
    shuffle(order, random);
    sort(order, slices(shard, order, size, WINDOW), shard::storyLength);
    sort(order, slices(shard, order, size, BUCKET), shard::promptLength);
    List<int[]> cut = slices(shard, order, size, 1);
    int[] turns = IntStream.range(0, cut.size()).toArray();
    shuffle(turns, random);
    return new EpochPlan(
        shard, size, pairs(order, Arrays.stream(turns).mapToObj(cut::get).toList()));
  }

  /**
   * All pairs in minibatches of like length, for scoring: the order matters to nobody.
   *
   * @param shard the worker's pairs
   * @param size of a minibatch
   */
  public static EpochPlan inOrderOfLength(PairShard shard, BatchSize size) {
    int[] order = IntStream.range(0, shard.size()).toArray();
    sort(order, List.of(new int[] {0, order.length}), shard::storyLength);
    return new EpochPlan(shard, size, pairs(order, slices(shard, order, size, 1)));
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

  /**
   * The passes that a minibatch is trained in, one after another: one where no story is longer than
   * what an update learns from.
   *
   * @param number place of the minibatch in the epoch, counted from 0
   */
  public List<StoryWindow> windows(int number) {
    return minibatch(number).windows(tokensAtOnce);
  }

  /**
   * Where to cut an order, as {from, to}: a pair is in the slice that the middle of its weight
   * falls into, so that no slice is without one.
   *
   * @param times how many minibatches a slice weighs
   */
  private static List<int[]> slices(PairShard shard, int[] order, BatchSize size, int times) {
    double width = times * size.weight(shard);
    List<int[]> slices = new ArrayList<>();
    long before = 0;
    int from = 0;
    for (int i = 0; i < order.length; i++) {
      int weight = size.weight(shard, order[i]);
      if ((before + weight / 2.0) / width >= slices.size() + 1) {
        slices.add(new int[] {from, i});
        from = i;
      }
      before += weight;
    }
    if (from < order.length) {
      slices.add(new int[] {from, order.length});
    }
    return slices;
  }

  /** Sorts slices, each second one downwards; what is equal keeps its order. */
  private static void sort(int[] order, List<int[]> slices, IntUnaryOperator length) {
    for (int number = 0; number < slices.size(); number++) {
      int from = slices.get(number)[0];
      int[] pairs = Arrays.copyOfRange(order, from, slices.get(number)[1]);
      int sign = number % 2 == 0 ? 1 : -1;
      long[] keys = new long[pairs.length];
      for (int i = 0; i < pairs.length; i++) {
        keys[i] = (((long) sign * length.applyAsInt(pairs[i])) << Integer.SIZE) + i;
      }
      Arrays.sort(keys);
      for (int i = 0; i < pairs.length; i++) {
        order[from + i] = pairs[(int) keys[i]];
      }
    }
  }

  private static List<int[]> pairs(int[] order, List<int[]> slices) {
    return slices.stream().map(slice -> Arrays.copyOfRange(order, slice[0], slice[1])).toList();
  }

  private static void shuffle(int[] items, SplittableRandom random) {
    for (int i = items.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int kept = items[i];
      items[i] = items[other];
      items[other] = kept;
    }
  }
}
