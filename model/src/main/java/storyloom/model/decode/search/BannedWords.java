package storyloom.model.decode.search;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import storyloom.model.UserException;
import storyloom.model.decode.search.TokenSymbols.Kind;
import storyloom.model.decode.search.TokenSymbols.Piece;
import storyloom.model.decode.search.WordSymbols.CharacterClass;
import storyloom.model.text.TextCodec;
import storyloom.model.text.clean.TextSide;
import storyloom.model.text.token.Vocabulary;

/**
 * Words and phrases that no story holds, in whatever case and of whatever tokens they are written.
 * What counts is the text of a story: a word is banned where no letter or digit stands right before
 * or behind it, so that {@code dragon} also means {@code Dragon's} and {@code fire-dragon}, but not
 * {@code dragonfly}. Between the words of a phrase any white space may stand.
 *
 * <p>A token that would complete a banned word is forbidden. Where the token leaves its word open,
 * as pieces of byte-pair encoding do, it is allowed, and whatever would end the word there is
 * forbidden instead. What is forbidden hangs on the last few tokens alone. Safe to share between
 * threads.
 */
public final class BannedWords {

  /** No word. */
  public static final BannedWords NONE = of(new SequenceAutomaton(List.of()), null);

  /** So many ids are remembered, of all states together: 16 MB. Few words need far less. */
  private static final int MOST_REMEMBERED = 1 << 22;

  /**
   * All that decides what may come next.
   *
   * @param node after the symbols so far, without the break that the next token may make
   * @param last class of the character before
   * @param open whether a word has begun that the next token may continue
   * @param joined whether a marker says that the next word stands close
   * @param broken whether a line break stands before the next word, which no marker undoes
   * @param isLast whether the story must not grow by more than one token
   */
  private record State(
      int node, CharacterClass last, boolean open, boolean joined, boolean broken, boolean isLast) {

    static State atStart(boolean isLast) {
      return new State(SequenceAutomaton.ROOT, CharacterClass.MARK, false, false, false, isLast);
    }

    /** After a piece that spells nothing. */
    State after(Kind kind) {
      return switch (kind) {
        case CONTINUING -> this;
        case ENDING -> closed(joined, broken);
        case LINE_BREAK -> closed(false, true);
        case JOIN -> closed(!broken, broken);
        case SPACE -> closed(false, broken);
      };
    }

    private State closed(boolean nextJoined, boolean nextBroken) {
      return new State(node, last, false, nextJoined, nextBroken, isLast);
    }

    /** Whether a word ends or begins before a piece that spells something. */
    boolean breaksBefore(Piece piece) {
      return last.breaksBefore(piece.first(), !open && !joined);
    }

    /** Whether the word before ends with a piece that spells nothing. */
    boolean endsWith(Kind kind) {
      return open && (isLast || kind != Kind.CONTINUING);
    }
  }

  private final SequenceAutomaton words;
  private final TokenSymbols tokens;
  private final int breakNumber;
  private final Map<State, int[]> remembered;
  private final AtomicInteger idsRemembered;

  /**
   * @param tokens null where there are no words
   */
  private BannedWords(
      SequenceAutomaton words,
      TokenSymbols tokens,
      Map<State, int[]> remembered,
      AtomicInteger idsRemembered) {
    this.words = words;
    this.tokens = tokens;
    this.remembered = remembered;
    this.idsRemembered = idsRemembered;
    this.breakNumber = words.number(WordSymbols.BREAK);
  }

  /**
   * The words of some texts, which are cleaned as prompts are.
   *
   * @throws UserException of usage if cleaning leaves nothing of one
   */
  public static BannedWords of(TextCodec codec, List<String> texts) {
    if (texts.isEmpty()) {
      return NONE;
    }
    SequenceAutomaton words =
        new SequenceAutomaton(texts.stream().map(text -> symbols(codec, text)).toList());
    return of(words, new TokenSymbols(codec, words));
  }

  private static BannedWords of(SequenceAutomaton words, TokenSymbols tokens) {
    return new BannedWords(words, tokens, new ConcurrentHashMap<>(), new AtomicInteger());
  }

  /**
   * The same words for stories that may copy from a prompt.
   *
   * @param copied the tokens that ids behind the vocabulary stand for, in order
   */
  public BannedWords with(List<String> copied) {
    return tokens == null || copied.isEmpty()
        ? this
        : new BannedWords(words, tokens.with(copied), remembered, idsRemembered);
  }

  private static int[] symbols(TextCodec codec, String text) {
    WordSymbols symbols = WordSymbols.of(codec.cleaner().clean(text, TextSide.PROMPT));
    if (symbols.isEmpty()) {
      throw UserException.usage(
          "decode.banned-words holds \"%s\", of which cleaning leaves nothing: take it out"
              .formatted(text));
    }
    return symbols.standingAlone();
  }

  /**
   * Forbids what would write a banned word.
   *
   * @param written the story so far
   * @param maxTokens longest story, at whose end a word ends as well
   */
  void forbid(int[] written, int maxTokens, NextTokenLogits next) {
    if (tokens == null) {
      return;
    }
    State state = state(written, written.length + 1 == maxTokens);
    for (int id : forbidden(state)) {
      next.forbid(id);
    }
    IntStream.range(tokens.vocabulary(), tokens.size())
        .filter(id -> completes(state, tokens.of(id)))
        .forEach(next::forbid);
    if (written.length > 0 && tokens.bytes().get(written[written.length - 1])) {
      // what a byte spells behind others hangs on them
      tokens.bytes().stream()
          .filter(id -> completes(state, tokens.ofByte(id, written)))
          .forEach(next::forbid);
    }
  }

  /** Whether a story may end here: not where its last word is banned, but not closed yet. */
  boolean mayEnd(int[] written) {
    return tokens == null || !completes(state(written, true), tokens.of(Vocabulary.END));
  }

  private int[] forbidden(State state) {
    int[] known = remembered.get(state);
    if (known == null) {
      known =
          IntStream.range(Vocabulary.END, tokens.vocabulary())
              .filter(id -> completes(state, tokens.of(id)))
              .toArray();
      if (idsRemembered.get() < MOST_REMEMBERED && remembered.put(state, known) == null) {
        idsRemembered.addAndGet(known.length);
      }
    }
    return known;
  }

  /** Whether a banned word stands in the text once a piece is written behind it. */
  private boolean completes(State state, Piece piece) {
    if (piece.isEmpty()) {
      return state.endsWith(piece.kind()) && isEnd(state.node(), state.last());
    }
    int node = state.node();
    if (state.breaksBefore(piece)) {
      node = words.after(node, breakNumber);
    }
    boolean found = words.isEnd(node);
    for (int i = 0; !found && i < piece.numbers().length; i++) {
      node = words.after(node, piece.numbers()[i]);
      found = words.isEnd(node);
    }
    boolean closes = state.isLast() || piece.kind() == Kind.ENDING;
    return found || (closes && isEnd(node, piece.last()));
  }

  /** Whether a banned word stands before a break. */
  private boolean isEnd(int node, CharacterClass last) {
    return last != CharacterClass.MARK && words.isEnd(words.after(node, breakNumber));
  }

  /** After the last tokens, as many as the longest word has symbols: more make no difference. */
  private State state(int[] written, boolean isLast) {
    int from = written.length;
    int symbols = 0;
    while (from > 0 && symbols < words.longest()) {
      from--;
      symbols += tokens.of(written[from]).numbers().length;
    }
    State state = State.atStart(isLast);
    for (int i = from; i < written.length; i++) {
      int end = i;
      while (end < written.length && tokens.bytes().get(written[end])) {
        end++;
      }
      boolean isRun = end > i;
      state = after(state, isRun ? tokens.ofBytes(written, i, end) : tokens.of(written[i]));
      i = isRun ? end - 1 : i;
    }
    return state;
  }

  private State after(State state, Piece piece) {
    if (piece.isEmpty()) {
      return state.after(piece.kind());
    }
    int node = state.breaksBefore(piece) ? words.after(state.node(), breakNumber) : state.node();
    for (int number : piece.numbers()) {
      node = words.after(node, number);
    }
    boolean open = piece.kind() == Kind.CONTINUING;
    return new State(node, piece.last(), open, false, false, state.isLast());
  }
}
