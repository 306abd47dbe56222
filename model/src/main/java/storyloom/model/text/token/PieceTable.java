package storyloom.model.text.token;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The pieces of words while merges are learned, and their numbers, which count up from 0: the end
 * of a word, the characters, then what was merged. A character without a piece has a negative
 * number.
 */
final class PieceTable {

  private final List<String> pieces = new ArrayList<>();
  private final Map<String, Integer> numbers = new HashMap<>();

  /**
   * @param alphabet characters that have pieces
   */
  PieceTable(List<String> alphabet) {
    add(Subwords.END);
    alphabet.forEach(character -> add(Subwords.continuing(character)));
  }

  /** The number of a piece, a new one if it has none yet. */
  int add(String piece) {
    Integer known = numbers.putIfAbsent(piece, pieces.size());
    if (known != null) {
      return known;
    }
    pieces.add(piece);
    return pieces.size() - 1;
  }

  String piece(int number) {
    return pieces.get(number);
  }

  List<String> pieces() {
    return pieces;
  }

  int size() {
    return pieces.size();
  }

  /** The number of a word's character that does not end the word. */
  int number(int character) {
    Integer number = numbers.get(Subwords.continuing(Character.toString(character)));
    return number == null ? -character - 1 : number;
  }

  static boolean isPiece(int number) {
    return number >= 0;
  }
}
