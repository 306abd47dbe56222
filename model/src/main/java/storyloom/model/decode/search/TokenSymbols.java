package storyloom.model.decode.search;

import java.util.ArrayList;
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
  private final BitSet bytes = new BitSet();

  TokenSymbols(TextCodec codec, SequenceAutomaton automaton) {
    this.vocabulary = codec.vocabulary();
    this.tokenizer = codec.tokenizer();
    this.automaton = automaton;
    this.pieces = new Piece[vocabulary.size()];
    for (int id = 0; id < pieces.length; id++) {
      String token = vocabulary.token(id);
      Kind kind = vocabulary.isSpecial(id) ? Kind.LINE_BREAK : kind(token);
      boolean spells = kind == Kind.ENDING || kind == Kind.CONTINUING;
      pieces[id] =
          spells
              ? piece(kind, spelling(List.of(token)))
              : new Piece(kind, NOTHING, CharacterClass.MARK, CharacterClass.MARK);
      bytes.set(id, spells && tokenizer.isByte(token));
    }
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
  int size() {
    return pieces.length;
  }

  /** What a token spells by itself. */
  Piece of(int id) {
    return pieces[id];
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
    run.add(vocabulary.token(id));
    return piece(Kind.CONTINUING, spelling(run).substring(known));
  }

  private List<String> tokens(int[] written, int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> vocabulary.token(written[i])).toList();
  }
}
