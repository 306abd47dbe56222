package storyloom.model.text.token;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * Byte-pair encoding: words and marks as {@link WordTokenizer} finds them, each split into the
 * pieces that its merges make of it. What has no piece becomes bytes, so that every token is in the
 * vocabulary. Markers of layout stay whole.
 *
 * <p>Tokens that a model made up may spell what no text holds: bytes that are not UTF-8, and
 * control characters and spaces written in bytes, vanish.
 */
final class BpeTokenizer implements Tokenizer {

  /** Longer words, which no language has, are merged in stretches of this many characters. */
  private static final int STRETCH = 64;

  private static final int MOST_REMEMBERED = 1 << 16;

  /** Words have two or three, but what somebody makes up to fill the memory has dozens. */
  private static final int MOST_PIECES_REMEMBERED = 4 * MOST_REMEMBERED;

  private record Merge(int rank, String merged) {}

  private final WordTokenizer words;
  private final Map<Merges.Pair, Merge> merges;
  private final Set<String> pieces;

  /** Words that were split before; words come again and again. */
  private final Map<String, List<String>> remembered = new ConcurrentHashMap<>();

  private final AtomicInteger piecesRemembered = new AtomicInteger();

  /**
   * @param vocabulary one that {@link BpeLearner} made
   */
  BpeTokenizer(WordTokenizer words, Vocabulary vocabulary) {
    this.words = words;
    List<Merges.Pair> pairs = vocabulary.merges().pairs();
    this.merges = new HashMap<>(2 * pairs.size());
    for (int rank = 0; rank < pairs.size(); rank++) {
      merges.put(pairs.get(rank), new Merge(rank, pairs.get(rank).merged()));
    }
    this.pieces = vocabulary.entries().stream().map(TokenCount::token).collect(Collectors.toSet());
  }

  @Override
  public List<String> tokenize(String cleaned) {
    List<String> tokens = new ArrayList<>(cleaned.length() / 3 + 4);
    for (String word : words.tokenize(cleaned)) {
      if (Spacing.isLayout(word)) {
        tokens.add(word);
      } else {
        tokens.addAll(pieces(word));
      }
    }
    return tokens;
  }

  private List<String> pieces(String word) {
    List<String> known = remembered.get(word);
    if (known != null) {
      return known;
    }
    List<String> split = split(word);
    if (word.length() <= STRETCH
        && remembered.size() < MOST_REMEMBERED
        && piecesRemembered.get() < MOST_PIECES_REMEMBERED) {
      remembered.put(word, split);
      piecesRemembered.addAndGet(split.size());
    }
    return split;
  }

  /** The tokens of one word. */
  List<String> split(String word) {
    List<String> split = new ArrayList<>();
    List<String> stretch = new ArrayList<>();
    for (int i = 0; i < word.length(); ) {
      int character = word.codePointAt(i);
      i += Character.charCount(character);
      addCharacter(character, stretch);
      if (i >= word.length()) {
        stretch.add(Subwords.END);
      }
      if (stretch.size() >= STRETCH || i >= word.length()) {
        merge(stretch);
        split.addAll(stretch);
        stretch.clear();
      }
    }
    return List.copyOf(split);
  }

  private void addCharacter(int character, List<String> tokens) {
    String text = Character.toString(character);
    String piece = Subwords.continuing(text);
    if (Subwords.mayBePiece(character) && pieces.contains(piece)) {
      tokens.add(piece);
      return;
    }
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      tokens.add(Subwords.ofByte(b));
    }
  }

  /** Applies the merges, the first learned first. */
  private void merge(List<String> tokens) {
    while (true) {
      Merge first = null;
      Merges.Pair pair = null;
      for (int i = 0; i + 1 < tokens.size(); i++) {
        Merges.Pair here = new Merges.Pair(tokens.get(i), tokens.get(i + 1));
        Merge merge = merges.get(here);
        if (merge != null && (first == null || merge.rank() < first.rank())) {
          first = merge;
          pair = here;
        }
      }
      if (first == null) {
        return;
      }
      for (int i = 0; i + 1 < tokens.size(); i++) {
        if (tokens.get(i).equals(pair.left()) && tokens.get(i + 1).equals(pair.right())) {
          tokens.set(i, first.merged());
          tokens.remove(i + 1);
        }
      }
    }
  }

  @Override
  public boolean endsWord(String token) {
    return !Subwords.isContinuing(token) && !Subwords.isByte(token);
  }

  @Override
  public boolean isByte(String token) {
    return Subwords.isByte(token);
  }

  @Override
  public List<Word> words(List<String> tokens) {
    return new Spelling().words(tokens);
  }

  @Override
  public String detokenize(List<String> tokens) {
    return words.detokenize(words(tokens).stream().map(Word::text).toList());
  }

  /** Puts pieces together to words. */
  private static final class Spelling {
    private final List<Word> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    List<Word> words(List<String> tokens) {
      for (int i = 0; i < tokens.size(); i++) {
        String token = tokens.get(i);
        if (Spacing.isLayout(token)) {
          endWord(i);
          words.add(new Word(token, i + 1));
        } else if (Subwords.isByte(token)) {
          bytes.write(Subwords.byteOf(token));
        } else if (Subwords.isContinuing(token)) {
          endBytes();
          word.append(Subwords.text(token));
        } else {
          endBytes();
          word.append(token.equals(Subwords.END) ? "" : token);
          endWord(i + 1);
        }
      }
      endWord(tokens.size());
      return words;
    }

    private void endWord(int end) {
      endBytes();
      if (word.length() > 0) {
        words.add(new Word(word.toString(), end));
        word.setLength(0);
      }
    }

    private void endBytes() {
      if (bytes.size() == 0) {
        return;
      }
      decoded(bytes.toByteArray())
          .codePoints()
          .filter(c -> !WordTokenizer.isGap(c) && c != '\n')
          .forEach(word::appendCodePoint);
      bytes.reset();
    }

    private static CharBuffer decoded(byte[] utf8) {
      try {
        return StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.IGNORE)
            .onUnmappableCharacter(CodingErrorAction.IGNORE)
            .decode(ByteBuffer.wrap(utf8));
      } catch (CharacterCodingException e) {
        throw new IllegalStateException(
            "the decoder was told to ignore " + Arrays.toString(utf8), e);
      }
    }
  }
}
