package storyloom.pipeline.train.average;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.storage.BlockManagerId;
import scala.collection.JavaConverters;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction1;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;
import storyloom.model.nn.kernel.FlatFloats;

/**
 * Makes one of the executors' means, slice by slice, and brings it to the driver. A job's tasks
 * take some slices each, fetch them from all executors and keep the mean for the driver, whose
 * threads fetch it and hand it on. Where nothing has to be fetched to be summed, the driver's
 * threads do it all.
 */
final class SliceReduction implements AutoCloseable {

  /** What the driver does with a slice, on one of several threads. */
  interface Receiver {
    void accept(int slice, ByteBuffer mean);
  }

  /**
   * What a task says.
   *
   * @param place where it ran
   * @param means slices whose mean is there
   * @param lost executors that should have had slices, and did not
   */
  private record Summed(BlockManagerId place, List<Integer> means, List<BlockManagerId> lost)
      implements Serializable {}

  private static final String MEAN = "mean";

  /** So many nodes the driver sums itself: executors would have to exchange as much. */
  private static final int FEW = 2;

  /** Of the driver, so that slices arrive while others are summed. */
  private static final int THREADS = Math.max(4, Runtime.getRuntime().availableProcessors());

  private final SliceBlocks blocks;
  private final Receiver receiver;
  private final Set<Integer> left = new ConcurrentSkipListSet<>();
  private final Set<BlockManagerId> lost = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private final List<Future<?>> receptions = new ArrayList<>();
  private long summed;

  /**
   * @param count slices of the state
   * @param receiver gets each slice once
   */
  SliceReduction(SliceBlocks blocks, int count, Receiver receiver) {
    this.blocks = blocks;
    this.receiver = receiver;
    IntStream.range(0, count).forEach(left::add);
  }

  /** Whether all slices were received. */
  boolean isDone() {
    return left.isEmpty();
  }

  /**
   * Receives the slices that are left.
   *
   * @param nodes of all workers, in their order
   * @param tasks how many may share the work
   * @return executors that do not have what they should; without any, all is done
   */
  Set<BlockManagerId> run(JavaSparkContext context, List<RangeMeans.Node> nodes, int tasks) {
    boolean isHere = nodes.stream().allMatch(node -> node.place().equals(SliceBlocks.here()));
    return isHere || nodes.size() <= FEW ? sum(nodes) : sumInTasks(context, nodes, tasks);
  }

  /** As {@link #run}, by the driver alone. */
  Set<BlockManagerId> sum(List<RangeMeans.Node> nodes) {
    lost.clear();
    summed = System.nanoTime();
    left.forEach(slice -> receive(slice, nodes));
    return lost();
  }

  /** As {@link #run}, by a job. */
  Set<BlockManagerId> sumInTasks(JavaSparkContext context, List<RangeMeans.Node> nodes, int tasks) {
    lost.clear();
    RDD<Integer> slices =
        context.parallelize(List.copyOf(left), Math.min(tasks, left.size())).rdd();
    context
        .sc()
        .runJob(
            slices,
            new Summing(blocks, new ArrayList<>(nodes)),
            new Handover(),
            ClassTag$.MODULE$.apply(Summed.class));
    summed = System.nanoTime();
    return lost();
  }

  /** When all that executors do was done; from then on, the driver alone was at work. */
  long summed() {
    return summed;
  }

  private synchronized void receive(int slice, List<RangeMeans.Node> nodes) {
    receptions.add(
        threads.submit(
            () -> {
              try (SliceBlocks.Block mean = mean(blocks, nodes, slice)) {
                receiver.accept(slice, mean.bytes());
                left.remove(slice);
              } catch (SliceBlocks.LostBlockException e) {
                lost.add(e.place());
              }
            }));
  }

  /** Waits until all that was handed to the threads is done. */
  private synchronized Set<BlockManagerId> lost() {
    try {
      for (Future<?> reception : receptions) {
        reception.get();
      }
      receptions.clear();
      return Set.copyOf(lost);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a mean did not become the state", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("stopped while the means arrived", e);
    }
  }

  /**
   * The mean of a slice over all workers.
   *
   * @param nodes in worker order
   */
  private static SliceBlocks.Block mean(SliceBlocks blocks, List<RangeMeans.Node> nodes, int slice)
      throws SliceBlocks.LostBlockException {
    MeanTree<SliceBlocks.Block> tree = new MeanTree<>(MeanTree.NONE, SliceReduction::join);
    try {
      for (int i = 0; i < nodes.size(); i++) {
        RangeMeans.Node node = nodes.get(i);
        SliceBlocks.Block block = blocks.get(node.name(slice), node.place());
        tree.add(new MeanTree.Node<>(node.worker(), node.tokens(), block));
        tree.join(i + 1 < nodes.size() ? nodes.get(i + 1).worker() : MeanTree.NONE);
      }
    } catch (SliceBlocks.LostBlockException e) {
      tree.nodes().forEach(node -> node.value().close());
      throw e;
    }
    return tree.nodes().get(0).value();
  }

  private static SliceBlocks.Block join(
      MeanTree.Node<SliceBlocks.Block> left, MeanTree.Node<SliceBlocks.Block> right) {
    try (SliceBlocks.Block one = left.value();
        SliceBlocks.Block other = right.value()) {
      ByteBuffer mean =
          one.isOwn()
              ? one.bytes()
              : other.isOwn() ? other.bytes() : ByteBuffer.allocate(one.bytes().remaining());
      FlatFloats.mean(one.bytes(), left.tokens(), other.bytes(), right.tokens(), mean);
      return SliceBlocks.Block.own(mean);
    }
  }

  /** Waits until no thread works on the state any more. */
  @Override
  public void close() {
    threads.shutdown();
    boolean ended = false;
    while (!ended) {
      try {
        ended = threads.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** On an executor: sums some slices. */
  private static final class Summing
      extends AbstractFunction1<scala.collection.Iterator<Integer>, Summed>
      implements Serializable {
    private final SliceBlocks blocks;
    private final ArrayList<RangeMeans.Node> nodes;

    Summing(SliceBlocks blocks, ArrayList<RangeMeans.Node> nodes) {
      this.blocks = blocks;
      this.nodes = nodes;
    }

    @Override
    public Summed apply(scala.collection.Iterator<Integer> slices) {
      ArrayList<Integer> means = new ArrayList<>();
      ArrayList<BlockManagerId> lost = new ArrayList<>();
      blocks.enter();
      try {
        for (int slice : JavaConverters.asJavaIterable(slices.toIterable())) {
          try (SliceBlocks.Block mean = mean(blocks, nodes, slice)) {
            blocks.put(MEAN + slice, mean.bytes());
            means.add(slice);
          }
        }
      } catch (SliceBlocks.LostBlockException e) {
        lost.add(e.place()); // without it, there is no sense in the slices that are left
      } finally {
        blocks.leave();
      }
      return new Summed(SliceBlocks.here(), means, lost);
    }
  }

  private final class Handover extends AbstractFunction2<Object, Summed, BoxedUnit> {
    @Override
    public BoxedUnit apply(Object task, Summed summed) {
      lost.addAll(summed.lost());
      for (int slice : summed.means()) {
        receive(slice, List.of(new RangeMeans.Node(0, 1, summed.place(), MEAN)));
      }
      return BoxedUnit.UNIT;
    }
  }
}
