package storyloom.model.text.token;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import storyloom.model.UserException;

/**
 * Learns byte-pair encoding from the counts of words: the two pieces that stand beside each other
 * most often become one, again and again, until the vocabulary is full. Of pairs as frequent as
 * each other the one whose pieces came first is merged, so that the same counts, in whatever order,
 * give the same vocabulary.
 *
 * <p>Pieces of their own have the characters that make up {@value #COVERAGE} of the text, but never
 * more than half of the vocabulary's room; the others are written in bytes.
 *
 * <p>Source: Sennrich, Haddow and Birch 2016; the coverage is SentencePiece's.
 */
public final class BpeLearner {

  /** The words beyond, the rarest, are not learned from: they would not fit into memory. */
  public static final int MOST_WORDS = 1_000_000;

  private static final double COVERAGE = 0.9999;

  /** Longer words, such as drawings made of marks, are not learned from. */
  private static final int LONGEST_WORD = 64;

  /** Tokens that every vocabulary has: special ones, layout, bytes and the end of a word. */
  private static final int GIVEN =
      Vocabulary.FIRST_WORD + Spacing.LAYOUT.size() + Subwords.bytes().size() + 1;

  /** The smallest vocabulary: it leaves some room for characters and merges. */
  public static final int SMALLEST_VOCABULARY = 300;

  /**
   * The pieces of words while merges are learned, and their numbers, which count up from 0: the end
   * of a word, the characters, then what was merged. A character without a piece has a negative
   * number.
   */
  static final class PieceTable {

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

  private final Map<String, Long> layout = new HashMap<>();
  private final List<TokenCount> words = new ArrayList<>();
  private final int limit;

  private BpeLearner(Iterable<TokenCount> counts, int limit) {
    this.limit = limit;
    for (TokenCount count : counts) {
      if (Spacing.isLayout(count.token())) {
        layout.put(count.token(), count.count());
      } else if (count.token().length() <= LONGEST_WORD) {
        words.add(count);
      }
    }
  }

  /**
   * A vocabulary with its merges.
   *
   * @param words how often each word stands in the text, as {@link Tokenizer#ofWords} splits it
   * @param minCount pieces seen beside each other fewer times are not merged; at least 1
   * @param limit the greatest size of the vocabulary, special tokens included
   * @throws UserException of usage if {@code limit} is below {@link #SMALLEST_VOCABULARY}
   */
  public static Vocabulary learn(Iterable<TokenCount> words, int minCount, int limit) {
    requireRoom(limit);
    return new BpeLearner(words, limit).learn(minCount);
  }

  /**
   * @throws UserException of usage if a vocabulary of this size is too small
   */
  public static void requireRoom(int limit) {
    if (limit < SMALLEST_VOCABULARY) {
      throw UserException.usage(
          "text.vocabulary must be at least %d with text.tokenizer=bpe, not %d"
              .formatted(SMALLEST_VOCABULARY, limit));
    }
  }

  private Vocabulary learn(int minCount) {
    PieceTable table = new PieceTable(alphabet());
    PairCounts pairs = new PairCounts(words, table);
    // a set, because a pair may come back when its pieces are made anew by other merges
    Set<Merges.Pair> merges = new LinkedHashSet<>();
    while (GIVEN - 1 + table.size() < limit) {
      long pair = pairs.mostFrequent(minCount);
      if (pair == PairCounts.NONE) {
        break;
      }
      String left = table.piece(PairCounts.left(pair));
      String right = table.piece(PairCounts.right(pair));
      merges.add(new Merges.Pair(left, right));
      pairs.merge(pair, table.add(Subwords.merge(left, right)));
    }
    return counted(Vocabulary.of(zeros(table), new Merges(List.copyOf(merges))));
  }

  /** The characters that have pieces, the most frequent first. */
  private List<String> alphabet() {
    Map<String, Long> counts = new HashMap<>();
    for (TokenCount word : words) {
      word.token()
          .codePoints()
          .filter(Subwords::mayBePiece)
          .forEach(c -> counts.merge(Character.toString(c), word.count(), Long::sum));
    }
    List<TokenCount> sorted =
        counts.entrySet().stream()
            .map(count -> new TokenCount(count.getKey(), count.getValue()))
            .sorted()
            .toList();
    double wanted = COVERAGE * sorted.stream().mapToLong(TokenCount::count).sum();
    long covered = 0;
    List<String> alphabet = new ArrayList<>();
    for (TokenCount character : sorted) {
      if (covered >= wanted || alphabet.size() == (limit - GIVEN) / 2) {
        break;
      }
      covered += character.count();
      alphabet.add(character.token());
    }
    return alphabet;
  }

  private static List<TokenCount> zeros(PieceTable table) {
    return Stream.of(Spacing.LAYOUT, Subwords.bytes(), table.pieces())
        .flatMap(List::stream)
        .map(token -> new TokenCount(token, 0))
        .toList();
  }

  /** The vocabulary with the counts of its tokens in the words that were learned from. */
  private Vocabulary counted(Vocabulary vocabulary) {
    Map<String, Long> counts = new HashMap<>(layout);
    BpeTokenizer tokenizer = new BpeTokenizer(new WordTokenizer(false), vocabulary);
    for (TokenCount word : words) {
      for (String piece : tokenizer.split(word.token())) {
        counts.merge(piece, word.count(), Long::sum);
      }
    }
    return Vocabulary.of(
        vocabulary.entries().stream()
            .skip(Vocabulary.FIRST_WORD)
            .map(entry -> new TokenCount(entry.token(), counts.getOrDefault(entry.token(), 0L)))
            .toList(),
        vocabulary.merges());
  }
}
