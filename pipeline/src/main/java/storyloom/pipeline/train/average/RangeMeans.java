package storyloom.pipeline.train.average;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.apache.spark.storage.BlockManagerId;
import storyloom.model.nn.kernel.FlatFloats;

/**
 * What a task's workers have learned, as the fewest nodes of the {@link MeanTree} that cover them:
 * one where the range of the workers is aligned. Each worker's state joins its neighbours' as soon
 * as it has trained.
 */
final class RangeMeans {

  /**
   * A node whose numbers lie in an executor, in a block for each slice.
   *
   * @param worker the first of its workers
   * @param tokens its weight
   * @param place the executor
   * @param name what the names of its blocks begin with
   */
  record Node(int worker, long tokens, BlockManagerId place, String name) implements Serializable {
    String name(int slice) {
      return name + slice;
    }
  }

  /** Where numbers are: in the graph until the next worker comes, else in blocks. */
  private enum In {
    GRAPH,
    BLOCKS
  }

  private final SliceBlocks blocks;
  private final long attempt;
  private final StateSlices graph;
  private final boolean parallel;
  private final MeanTree<In> tree;

  /**
   * @param attempt no other has it: what attempts of one task keep must not be mixed up
   * @param graph what a worker has learned, when it is added
   * @param parallel whether cores are free
   * @param before the worker before the first one, or {@link MeanTree#NONE}
   */
  RangeMeans(SliceBlocks blocks, long attempt, StateSlices graph, boolean parallel, int before) {
    this.blocks = blocks;
    this.attempt = attempt;
    this.graph = graph;
    this.parallel = parallel;
    this.tree = new MeanTree<>(before, this::join);
  }

  /**
   * Adds the worker that has just trained.
   *
   * @param tokens it trained on; nothing of it is added if there are none
   * @param next the worker behind it, or {@link MeanTree#NONE}
   */
  void add(int worker, long tokens, int next) {
    if (tokens == 0) {
      tree.join(next);
      return;
    }
    tree.add(new MeanTree.Node<>(worker, tokens, In.GRAPH));
    tree.join(next);
    tree.keep(this::outsideTheGraph);
  }

  private In join(MeanTree.Node<In> left, MeanTree.Node<In> right) {
    eachSlice(
        slice -> {
          ByteBuffer mean = blocks.take(name(left, slice));
          ByteBuffer other =
              right.value() == In.GRAPH ? graph.view(slice) : blocks.take(name(right, slice));
          FlatFloats.mean(mean, left.tokens(), other, right.tokens(), mean);
          blocks.put(name(left, slice), mean);
        });
    return In.BLOCKS;
  }

  private MeanTree.Node<In> outsideTheGraph(MeanTree.Node<In> node) {
    if (node.value() == In.GRAPH) {
      eachSlice(slice -> blocks.put(name(node, slice), ByteBuffer.wrap(graph.read(slice))));
    }
    return new MeanTree.Node<>(node.worker(), node.tokens(), In.BLOCKS);
  }

  private void eachSlice(IntConsumer action) {
    IntStream slices = IntStream.range(0, graph.count());
    (parallel ? slices.parallel() : slices).forEach(action);
  }

  private String name(MeanTree.Node<In> node, int slice) {
    return name(node) + slice;
  }

  private String name(MeanTree.Node<In> node) {
    return "attempt" + attempt + "_worker" + node.worker() + "_";
  }

  /** All nodes, in worker order. */
  List<Node> nodes() {
    return tree.nodes().stream()
        .map(node -> new Node(node.worker(), node.tokens(), SliceBlocks.here(), name(node)))
        .toList();
  }
}
