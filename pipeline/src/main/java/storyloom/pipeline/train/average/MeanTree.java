package storyloom.pipeline.train.average;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The order in which workers' numbers become their mean: a binary tree over worker numbers, the
 * same for every training with so many workers, whoever trains them and wherever sums are taken.
 *
 * <pre>
 *   node (0, w) is worker w; node (l, i) covers workers i·2^l … (i+1)·2^l − 1
 *   t(l, i) = t(l − 1, 2i) + t(l − 1, 2i + 1)               target tokens trained on in the round
 *   m(l, i) = (t_left · m_left + t_right · m_right) / t(l, i)   in double, rounded to float
 * </pre>
 *
 * <p>Workers that train on nothing in a round, or do not exist, are not there: a node with one
 * child is that child, bit for bit. So what comes out depends on the numbers of the workers that
 * trained, on their tokens and numbers, and on nothing else. A mean of equal numbers is that
 * number: a float times a number of tokens below 2^29 is exact in double.
 *
 * <p>An instance folds values, given in worker order, into as few nodes as can be said without
 * knowing the workers before and behind them. Of neighbours a and b in that order, the node that
 * joins them is {@link #level} levels up.
 *
 * @param <T> what a node's mean is kept as
 */
final class MeanTree<T> {

  /** Stands for a neighbour that does not exist. */
  static final int NONE = -1;

  /** Joins two neighbours. */
  @FunctionalInterface
  interface Joining<T> {
    T mean(Node<T> left, Node<T> right);
  }

  /**
   * A mean of some workers that are neighbours.
   *
   * @param worker the first of them
   * @param tokens its weight
   */
  record Node<T>(int worker, long tokens, T value) {}

  private final Deque<Node<T>> nodes = new ArrayDeque<>();
  private final int before;
  private final Joining<T> joining;

  /**
   * @param before the worker before all that come, if there is one, else {@link #NONE}
   */
  MeanTree(int before, Joining<T> joining) {
    this.before = before;
    this.joining = joining;
  }

  /** Takes the next one: its workers come behind all that were given. */
  void add(Node<T> node) {
    nodes.push(node);
  }

  /**
   * Joins what no later worker comes in between.
   *
   * @param next the worker that comes next, whether it will be given or not, or {@link #NONE}
   */
  void join(int next) {
    while (nodes.size() > 1) {
      Node<T> right = nodes.pop();
      Node<T> left = nodes.pop();
      int level = level(left.worker(), right.worker());
      if (level >= level(right.worker(), next) || level >= level(before, left.worker())) {
        nodes.push(left);
        nodes.push(right);
        return;
      }
      long tokens = left.tokens() + right.tokens();
      nodes.push(new Node<>(left.worker(), tokens, joining.mean(left, right)));
    }
  }

  /** Changes how the node that came last is kept. */
  void keep(UnaryOperator<Node<T>> how) {
    nodes.push(how.apply(nodes.pop()));
  }

  /** What there is, in worker order. */
  List<Node<T>> nodes() {
    List<Node<T>> inOrder = new ArrayList<>(nodes);
    Collections.reverse(inOrder);
    return inOrder;
  }

  /** Level of the lowest node that covers both workers; above all nodes if one is {@link #NONE}. */
  static int level(int one, int other) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(one ^ other);
  }
}
