package storyloom.model.decode.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import storyloom.model.decode.search.WordSymbols.CharacterClass;
import storyloom.model.text.TextCodec;
import storyloom.model.text.token.Spacing;
import storyloom.model.text.token.Tokenizer;
import storyloom.model.text.token.Vocabulary;

/** What the tokens of a vocabulary spell, in the numbers of an automaton. Immutable. */
final class TokenSymbols {

  private static final int[] NOTHING = {};

  /** What a token does to the word that is being written. */
  enum Kind {
    /** It ends it and spells nothing: a line break, or a special token. */
    LINE_BREAK,
    /** It ends it, and the next word stands close. */
    JOIN,
    /** It ends it, and a space comes before the next word. */
    SPACE,
    /** It adds to it and ends it. */
    ENDING,
    /** It adds to it, and the next one may add more. */
    CONTINUING
  }

  /**
   * What a token spells.
   *
   * @param numbers of its symbols, without the breaks at its ends
   * @param first class of the character it begins with
   * @param last class of the character it ends with
   */
  record Piece(Kind kind, int[] numbers, CharacterClass first, CharacterClass last) {

    boolean isEmpty() {
      return numbers.length == 0;
    }
  }

  private final Vocabulary vocabulary;
  private final Tokenizer tokenizer;
  private final SequenceAutomaton automaton;
  private final Piece[] pieces;
  private final BitSet bytes;
  private final List<String> copied;
  private final Piece[] copiedPieces;

  TokenSymbols(TextCodec codec, SequenceAutomaton automaton) {
    this.vocabulary = codec.vocabulary();
    this.tokenizer = codec.tokenizer();
    this.automaton = automaton;
    this.pieces = new Piece[vocabulary.size()];
    this.bytes = new BitSet();
    this.copied = List.of();
    this.copiedPieces = new Piece[0];
    for (int id = 0; id < pieces.length; id++) {
      pieces[id] =
          vocabulary.isSpecial(id) ? nothing(Kind.LINE_BREAK) : piece(id, vocabulary.token(id));
    }
  }

  /** Those of a vocabulary, and behind them others. */
  private TokenSymbols(TokenSymbols known, List<String> copied) {
    this.vocabulary = known.vocabulary;
    this.tokenizer = known.tokenizer;
    this.automaton = known.automaton;
    this.pieces = known.pieces;
    this.bytes = (BitSet) known.bytes.clone();
    this.copied = copied;
    this.copiedPieces = new Piece[copied.size()];
    Arrays.setAll(copiedPieces, i -> piece(pieces.length + i, copied.get(i)));
  }

  /** These and, with the ids behind them, some tokens more. */
  TokenSymbols with(List<String> more) {
    return new TokenSymbols(this, more);
  }

  private Piece piece(int id, String token) {
    Kind kind = kind(token);
    if (kind != Kind.ENDING && kind != Kind.CONTINUING) {
      return nothing(kind);
    }
    bytes.set(id, tokenizer.isByte(token));
    return piece(kind, spelling(List.of(token)));
  }

  private static Piece nothing(Kind kind) {
    return new Piece(kind, NOTHING, CharacterClass.MARK, CharacterClass.MARK);
  }

  private String token(int id) {
    return id < pieces.length ? vocabulary.token(id) : copied.get(id - pieces.length);
  }

  private Kind kind(String token) {
    if (token.equals(Tokenizer.NEWLINE)) {
      return Kind.LINE_BREAK;
    }
    if (Spacing.isMarker(token)) {
      return Spacing.isJoin(token) ? Kind.JOIN : Kind.SPACE;
    }
    return tokenizer.endsWord(token) ? Kind.ENDING : Kind.CONTINUING;
  }

  private Piece piece(Kind kind, String text) {
    WordSymbols symbols = WordSymbols.of(text);
    return new Piece(kind, automaton.numbers(symbols.symbols()), symbols.first(), symbols.last());
  }

  /** What tokens of one word spell; nothing, where they are bytes of half a character. */
  private String spelling(List<String> tokens) {
    List<Tokenizer.Word> spelled = tokenizer.words(tokens);
    return spelled.isEmpty() ? "" : spelled.get(0).text();
  }

  /** V. */
  int vocabulary() {
    return pieces.length;
  }

  /** V and the tokens behind. */
  int size() {
    return pieces.length + copiedPieces.length;
  }

  /** What a token spells by itself. */
  Piece of(int id) {
    return id < pieces.length ? pieces[id] : copiedPieces[id - pieces.length];
  }

  /** The tokens that are bytes. */
  BitSet bytes() {
    return bytes;
  }

  /** What bytes spell together. */
  Piece ofBytes(int[] written, int from, int to) {
    return piece(Kind.CONTINUING, spelling(tokens(written, from, to)));
  }

  /** What a byte adds to those that stand at the end. */
  Piece ofByte(int id, int[] written) {
    int from = written.length;
    while (from > 0 && bytes.get(written[from - 1])) {
      from--;
    }
    List<String> run = new ArrayList<>(tokens(written, from, written.length));
    int known = spelling(run).length();
    run.add(token(id));
    return piece(Kind.CONTINUING, spelling(run).substring(known));
  }

  private List<String> tokens(int[] written, int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> token(written[i])).toList();
  }
}
