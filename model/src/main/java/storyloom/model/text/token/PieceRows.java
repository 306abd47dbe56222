package storyloom.model.text.token;

import java.util.Arrays;
import java.util.List;

/** The pieces of many words, one row a word, in one array: a million words take a few megabytes. */
final class PieceRows {

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
