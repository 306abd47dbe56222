package storyloom.model.decode.search;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/**
 * Finds any of some sequences of symbols in a stream of them, one symbol at a time. A state is a
 * node: how much of which sequences the stream ends with. Immutable.
 *
 * <p>Source: Aho and Corasick 1975.
 */
final class SequenceAutomaton {

  /** The state in which no sequence has begun. */
  static final int ROOT = 0;

  private static final int NONE = -1;

  /** Of symbols that stand in a sequence, from 1 on; all others are 0. */
  private final Map<Integer, Integer> numbers = new HashMap<>();

  /** Of each node, by numbers of symbols, the node after it. */
  private final List<int[]> next = new ArrayList<>();

  private final BitSet ends = new BitSet();
  private final int longest;

  /**
   * @param sequences none of them empty
   */
  SequenceAutomaton(List<int[]> sequences) {
    for (int[] sequence : sequences) {
      for (int symbol : sequence) {
        numbers.putIfAbsent(symbol, numbers.size() + 1);
      }
    }
    longest = sequences.stream().mapToInt(sequence -> sequence.length).max().orElse(0);
    add();
    sequences.forEach(this::add);
    complete();
  }

  private int add() {
    int[] unknown = new int[numbers.size() + 1];
    Arrays.fill(unknown, NONE);
    next.add(unknown);
    return next.size() - 1;
  }

  private void add(int[] sequence) {
    int node = ROOT;
    for (int number : numbers(sequence)) {
      int after = next.get(node)[number];
      if (after == NONE) {
        after = add();
        next.get(node)[number] = after;
      }
      node = after;
    }
    ends.set(node);
  }

  /** Gives every node a node after each symbol: where a sequence breaks off, another may go on. */
  private void complete() {
    int[] shorter = new int[next.size()]; // the node of the longest end of what a node stands for
    Queue<Integer> open = new ArrayDeque<>(List.of(ROOT));
    while (!open.isEmpty()) {
      int node = open.remove();
      int[] after = next.get(node);
      for (int number = 0; number < after.length; number++) {
        int instead = node == ROOT ? ROOT : next.get(shorter[node])[number];
        if (after[number] == NONE) {
          after[number] = instead;
        } else {
          shorter[after[number]] = instead;
          if (ends.get(instead)) {
            ends.set(after[number]);
          }
          open.add(after[number]);
        }
      }
    }
  }

  /** The numbers of symbols, by which {@link #after} knows them. */
  int[] numbers(int[] symbols) {
    int[] known = new int[symbols.length];
    for (int i = 0; i < symbols.length; i++) {
      known[i] = number(symbols[i]);
    }
    return known;
  }

  int number(int symbol) {
    return numbers.getOrDefault(symbol, 0);
  }

  /** The node after a symbol. */
  int after(int node, int number) {
    return next.get(node)[number];
  }

  /** Whether a sequence ends here. */
  boolean isEnd(int node) {
    return ends.get(node);
  }

  /** Symbols of the longest sequence: no state hangs on more than so many. */
  int longest() {
    return longest;
  }
}
