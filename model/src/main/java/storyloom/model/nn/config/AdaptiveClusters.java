package storyloom.model.nn.config;

import java.util.List;
import java.util.stream.IntStream;

/**
 * How an adaptive softmax splits the vocabulary: the frequent ids below the first cut-off are the
 * shortlist, the others K tail clusters. The head has a column for each shortlist id and one for
 * each cluster; tail k sees its input through a projection to I/4^(k+1) numbers. Source: Grave et
 * al. 2017; PyTorch's {@code AdaptiveLogSoftmaxWithLoss(div_value=4, head_bias=False)}.
 *
 * @param inputs I
 * @param vocabulary V
 * @param cutoffs first ids of the tail clusters, ascending
 */
public record AdaptiveClusters(int inputs, int vocabulary, List<Integer> cutoffs) {

  /** Name of the head's weight. */
  public static final String HEAD = "head.weight";

  private static final int DIVISOR = 4;

  public AdaptiveClusters {
    cutoffs = List.copyOf(cutoffs);
  }

  /** The clusters of a model whose softmax is adaptive. */
  public static AdaptiveClusters of(Seq2SeqConfig config) {
    return new AdaptiveClusters(config.features(), config.vocabulary(), config.adaptiveSoftmax());
  }

  /** Name of a tail's projection. */
  public static String projection(int k) {
    return "tail." + k + ".projection";
  }

  /** Name of a tail's weight. */
  public static String weight(int k) {
    return "tail." + k + ".weight";
  }

  /**
   * How wide the input of tail k is: inputs/4^(k+1), rounded down; 0 where there are too many tails
   * for these inputs.
   */
  static int width(int inputs, int k) {
    int width = inputs;
    for (int i = 0; i <= k; i++) {
      width /= DIVISOR;
    }
    return width;
  }

  /** Ids that have a column of the head to themselves. */
  public int shortlist() {
    return cutoffs.get(0);
  }

  /** K. */
  public int tails() {
    return cutoffs.size();
  }

  /** Columns of the head. */
  int headSize() {
    return shortlist() + tails();
  }

  /** First id of tail k. */
  public int first(int k) {
    return cutoffs.get(k);
  }

  /** Ids in tail k. */
  public int size(int k) {
    return (k + 1 < tails() ? cutoffs.get(k + 1) : vocabulary) - first(k);
  }

  /** The most columns that any cluster has, the head among them. */
  public int largest() {
    return Math.max(headSize(), IntStream.range(0, tails()).map(this::size).max().orElse(0));
  }

  /** The tail that holds an id; -1 for the shortlist. */
  public int tail(int id) {
    int tail = -1;
    while (tail + 1 < tails() && id >= first(tail + 1)) {
      tail++;
    }
    return tail;
  }

  /** The head's column for an id: its own, or that of its cluster. */
  public int column(int id) {
    int tail = tail(id);
    return tail < 0 ? id : shortlist() + tail;
  }
}
