package storyloom.model.text.token;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import storyloom.model.UserException;
import storyloom.model.files.Sha256;

/**
 * The tokens a model knows, and their ids. Ids 0 to 3 are {@code <pad>}, {@code <OOV>}, {@code
 * <start>} and {@code <end>}; they match only by id, never from text. From 4 on stand the words:
 * when first built, by count descending, then by token ascending in code point order, which is also
 * the byte order of UTF-8. Immutable.
 */
public final class Vocabulary implements Serializable {

  /** Fills rows of a minibatch up to the longest. */
  public static final int PAD = 0;

  /** Stands for every token that is not in the vocabulary; never generated. */
  public static final int OOV = 1;

  /** What the decoder reads before the first token of a story. */
  public static final int START = 2;

  /** What the decoder writes after the last token of a story. */
  public static final int END = 3;

  /** The first id that text can have. */
  public static final int FIRST_WORD = 4;

  private static final List<TokenCount> SPECIAL =
      List.of(
          new TokenCount("<pad>", 0),
          new TokenCount("<OOV>", 0),
          new TokenCount("<start>", 0),
          new TokenCount("<end>", 0));

  private final List<TokenCount> entries;
  private final Map<String, Integer> ids;
  private final Merges merges;

  /**
   * @param entries the special tokens, then the words in the order of their ids
   * @param merges of byte-pair encoding, else none
   */
  Vocabulary(List<TokenCount> entries, Merges merges) {
    this.merges = merges;
    this.entries = List.copyOf(entries);
    this.ids = new HashMap<>(2 * entries.size());
    for (int id = 0; id < entries.size(); id++) {
      String token = entries.get(id).token();
      if (id < FIRST_WORD) {
        require(
            token.equals(SPECIAL.get(id).token()),
            "id " + id + " must be " + SPECIAL.get(id).token());
      } else {
        require(ids.put(token, id) == null, "a token stands twice");
      }
    }
    require(entries.size() >= FIRST_WORD, "the four special tokens are missing");
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }

  /**
   * A vocabulary of the most frequent tokens. A counted token that is spelt like a special one,
   * such as {@code <end>}, becomes a word of its own.
   *
   * @param counts each token once
   * @param minCount words seen fewer times than this are left out; at least 1
   * @param limit size of the vocabulary, the special tokens included; the rarest words beyond are
   *     left out; at least {@link #FIRST_WORD}
   */
  public static Vocabulary build(Iterable<TokenCount> counts, int minCount, int limit) {
    require(minCount >= 1, "text.min-count must be at least 1, not " + minCount);
    require(limit >= FIRST_WORD, "text.vocabulary must be at least 4, not " + limit);
    List<TokenCount> words = new ArrayList<>();
    for (TokenCount count : counts) {
      if (count.count() >= minCount) {
        words.add(count);
      }
    }
    words.sort(Comparator.naturalOrder());
    return of(words.subList(0, Math.min(words.size(), limit - FIRST_WORD)), Merges.NONE);
  }

  /** A vocabulary of exactly these tokens, in their order, behind the special ones. */
  static Vocabulary of(List<TokenCount> tokens, Merges merges) {
    return new Vocabulary(
        Stream.of(SPECIAL, tokens.stream().sorted().toList()).flatMap(List::stream).toList(),
        merges);
  }

  /** As {@link #build(Iterable, int, int)}, from a map of token to count. */
  public static Vocabulary build(Map<String, Long> counts, int minCount, int limit) {
    List<TokenCount> list = new ArrayList<>(counts.size());
    counts.forEach((token, count) -> list.add(new TokenCount(token, count)));
    return build(list, minCount, limit);
  }

  /**
   * This vocabulary with the tokens behind it that another one has besides, in the order of their
   * ids there. With byte-pair encoding nothing is added: every word has its pieces already.
   *
   * @param counted from a newer training split
   * @param limit size up to which tokens are added
   */
  public Vocabulary grownBy(Vocabulary counted, int limit) {
    if (!merges.equals(Merges.NONE)) {
      return this;
    }
    Stream<TokenCount> added =
        counted.entries.stream()
            .skip(FIRST_WORD)
            .filter(entry -> id(entry.token()) == OOV)
            .limit(Math.max(0, limit - size()));
    return new Vocabulary(Stream.concat(entries.stream(), added).toList(), merges);
  }

  /** V, the number of ids, the special ones included. */
  public int size() {
    return entries.size();
  }

  /**
   * The id of a token of text: {@link #OOV} if it is not known, else at least {@link #FIRST_WORD}.
   */
  public int id(String token) {
    Integer id = ids.get(token);
    return id == null ? OOV : id;
  }

  /**
   * The token of an id.
   *
   * @throws IndexOutOfBoundsException if there is no such id
   */
  public String token(int id) {
    return entries.get(id).token();
  }

  /**
   * How often the token was seen in the training split when it was counted; 0 for special tokens.
   *
   * @throws IndexOutOfBoundsException if there is no such id
   */
  public long count(int id) {
    return entries.get(id).count();
  }

  /** Whether the id is one of the four special tokens. */
  public boolean isSpecial(int id) {
    return id >= 0 && id < FIRST_WORD;
  }

  /**
   * The ids that hold neither a letter nor a digit, ascending: marks, layout and special tokens.
   */
  public List<Integer> marks() {
    return IntStream.range(0, size()).filter(this::isMark).boxed().toList();
  }

  private boolean isMark(int id) {
    String token = token(id);
    return isSpecial(id)
        || Spacing.isLayout(token)
        || token.codePoints().noneMatch(Character::isLetterOrDigit);
  }

  /** All tokens in the order of their ids, the special ones included. */
  public List<TokenCount> entries() {
    return entries;
  }

  /** The merges of byte-pair encoding; none where the tokens are words. */
  public Merges merges() {
    return merges;
  }

  /** This vocabulary with merges, which are no part of vocabulary.tsv. */
  public Vocabulary with(Merges merges) {
    return new Vocabulary(entries, merges);
  }

  /** Writes vocabulary.tsv: UTF-8, one line a token: id, tab, escaped token, tab, count. */
  public void write(OutputStream out) throws IOException {
    VocabularyFiles.writeTokens(entries, out);
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @param file name of the file, for messages
   * @throws UserException if the file is damaged; the message names file and line
   */
  public static Vocabulary read(InputStream in, String file) throws IOException {
    return read(in, Integer.MAX_VALUE, file);
  }

  /**
   * Reads what {@link #write} wrote, of a model that may not know more than {@code most} tokens.
   *
   * @throws UserException if the file is damaged or has more; the message names file and line
   */
  static Vocabulary read(InputStream in, int most, String file) throws IOException {
    List<TokenCount> entries = VocabularyFiles.readTokens(in, most, file);
    try {
      return new Vocabulary(entries, Merges.NONE);
    } catch (IllegalArgumentException e) {
      throw VocabularyFiles.fault(entries, e, file);
    }
  }

  /** The tokens with the ids 0 to 3, which {@code entries} must begin with. */
  static List<TokenCount> special() {
    return SPECIAL;
  }

  /** SHA-256 of vocabulary.tsv, of merges.txt behind it if there are any, in 64 hex digits. */
  public String sha256() {
    MessageDigest digest = Sha256.digest();
    try {
      OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest);
      write(out);
      VocabularyFiles.writeMerges(merges, out);
      return Sha256.hex(digest);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
