package storyloom.model.text.token;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import storyloom.model.text.token.BpeLearner.PieceTable;

/**
 * How often which pieces stand beside each other. A merge looks at the words that hold its pair and
 * at no others; the most frequent pair is the first of a heap, whose entries are put right when
 * they come up. So a million words are learned from in seconds.
 *
 * <p>A pair is written as one number, the left piece in its upper half.
 */
final class PairCounts {

  /** No pair. */
  static final long NONE = -1;

  /** A pair that once had this count. */
  private record Entry(long pair, long count) {
    static final Comparator<Entry> ORDER =
        Comparator.comparingLong(Entry::count).reversed().thenComparingLong(Entry::pair);
  }

  /** The count of a pair, and the rows where it once stood, some of them several times. */
  private static final class Occurrences {
    private long count;
    private int[] rows = new int[2];
    private int size;

    void add(int row) {
      if (size > 0 && rows[size - 1] == row) {
        return;
      }
      if (size == rows.length) {
        rows = Arrays.copyOf(rows, size + size / 2 + 1);
      }
      rows[size++] = row;
    }
  }

  /**
   * The pieces of many words, one row a word, in one array: a million words take a few megabytes.
   */
  private static final class PieceRows {

    private final long[] counts;
    private final int[] starts;
    private final int[] ends;
    private int[] pieces;

    /** The words' characters, each followed by the end of the word. */
    PieceRows(List<TokenCount> words, PieceTable table) {
      counts = new long[words.size()];
      starts = new int[words.size()];
      ends = new int[words.size()];
      pieces = new int[8 * words.size() + 64];
      int end = 0;
      int endOfWord = table.add(Subwords.END);
      for (int row = 0; row < counts.length; row++) {
        String word = words.get(row).token();
        counts[row] = words.get(row).count();
        starts[row] = end;
        if (end + word.length() >= pieces.length) {
          pieces = Arrays.copyOf(pieces, pieces.length + pieces.length / 2 + word.length());
        }
        for (int i = 0; i < word.length(); i += Character.charCount(word.codePointAt(i))) {
          pieces[end++] = table.number(word.codePointAt(i));
        }
        pieces[end++] = endOfWord;
        ends[row] = end;
      }
    }

    int size() {
      return counts.length;
    }

    /** How often the word stands in the text. */
    long count(int row) {
      return counts[row];
    }

    int start(int row) {
      return starts[row];
    }

    int end(int row) {
      return ends[row];
    }

    int piece(int index) {
      return pieces[index];
    }

    /** Puts one piece into the place of this one and the next, and draws up the rest of the row. */
    void merge(int row, int index, int merged) {
      pieces[index] = merged;
      System.arraycopy(pieces, index + 2, pieces, index + 1, ends[row] - index - 2);
      ends[row]--;
    }
  }

  private final PieceRows rows;
  private final Map<Long, Occurrences> occurrences = new HashMap<>();
  private final PriorityQueue<Entry> queue = new PriorityQueue<>(Entry.ORDER);

  /** The pairs of some words, each as often as the word is counted. */
  PairCounts(List<TokenCount> words, PieceTable table) {
    rows = new PieceRows(words, table);
    for (int row = 0; row < rows.size(); row++) {
      for (int i = rows.start(row); i + 1 < rows.end(row); i++) {
        add(i, row);
      }
    }
    occurrences.forEach((pair, its) -> queue.add(new Entry(pair, its.count)));
  }

  static int left(long pair) {
    return (int) (pair >>> 32);
  }

  static int right(long pair) {
    return (int) pair;
  }

  /** The pair with the greatest count, or {@link #NONE} if that is below {@code least}. */
  long mostFrequent(long least) {
    while (!queue.isEmpty()) {
      Entry first = queue.poll();
      Occurrences now = occurrences.get(first.pair());
      if (now == null) {
        continue;
      }
      if (now.count == first.count()) {
        return now.count < least ? NONE : first.pair();
      }
      queue.add(new Entry(first.pair(), now.count));
    }
    return NONE;
  }

  /** Makes one piece of a pair wherever it stands. */
  void merge(long pair, int merged) {
    Occurrences its = occurrences.remove(pair);
    Set<Long> grown = new HashSet<>();
    for (int k = 0; k < its.size; k++) {
      int row = its.rows[k];
      for (int i = rows.start(row); i + 1 < rows.end(row); i++) {
        if (pair(i) == pair) {
          mergeAt(i, row, merged, grown);
        }
      }
    }
    for (Long each : grown) {
      Occurrences now = occurrences.get(each);
      if (now != null) {
        queue.add(new Entry(each, now.count));
      }
    }
  }

  private void mergeAt(int i, int row, int merged, Set<Long> grown) {
    subtract(i - 1, row);
    subtract(i + 1, row);
    rows.merge(row, i, merged);
    for (int beside = i - 1; beside <= i; beside++) {
      if (add(beside, row)) {
        grown.add(pair(beside));
      }
    }
  }

  private boolean isPair(int i, int row) {
    return i >= rows.start(row)
        && i + 1 < rows.end(row)
        && PieceTable.isPiece(rows.piece(i))
        && PieceTable.isPiece(rows.piece(i + 1));
  }

  private long pair(int i) {
    return PieceTable.isPiece(rows.piece(i)) && PieceTable.isPiece(rows.piece(i + 1))
        ? (long) rows.piece(i) << 32 | rows.piece(i + 1)
        : NONE;
  }

  private boolean add(int i, int row) {
    if (!isPair(i, row)) {
      return false;
    }
    Occurrences its = occurrences.computeIfAbsent(pair(i), p -> new Occurrences());
    its.count += rows.count(row);
    its.add(row);
    return true;
  }

  private void subtract(int i, int row) {
    if (isPair(i, row)) {
      Occurrences its = occurrences.get(pair(i));
      if (its != null) {
        its.count -= rows.count(row);
        if (its.count == 0) {
          occurrences.remove(pair(i));
        }
      }
    }
  }
}
