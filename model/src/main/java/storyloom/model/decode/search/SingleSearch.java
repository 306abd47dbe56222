package storyloom.model.decode.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import storyloom.model.decode.search.Hypothesis.Next;
import storyloom.model.text.token.Vocabulary;

/**
 * Drafts that take one token after the other, each by itself: greedy decoding and sampling of one
 * or several, and reading what is written already. All begin with the same row, whose logits they
 * share.
 */
public final class SingleSearch implements Search {

  /** Chooses the next token of a row. */
  public interface TokenChoice {

    /**
     * The next token; {@code <end>} where all are forbidden.
     *
     * @param next what may be written
     * @param stream the row's own random numbers
     */
    int choose(NextTokenLogits next, RandomStream stream);

    /** The likeliest token; of equal ones the lower id. */
    static int likeliest(NextTokenLogits next, RandomStream unused) {
      int[] likeliest = next.likeliest(1);
      return likeliest.length == 0 ? Vocabulary.END : likeliest[0];
    }
  }

  private final List<ToIntFunction<NextTokenLogits>> choices;
  private final int maxTokens;
  private final DecodedStory[] stories;
  private boolean begun;
  private List<Hypothesis> live = List.of(Hypothesis.EMPTY);

  /** Of each live hypothesis, or at the start of each draft, which draft it is. */
  private int[] drafts;

  private SingleSearch(List<ToIntFunction<NextTokenLogits>> choices, int maxTokens) {
    this.choices = choices;
    this.maxTokens = maxTokens;
    this.stories = new DecodedStory[choices.size()];
    this.drafts = IntStream.range(0, choices.size()).toArray();
  }

  /**
   * Drafts that are written.
   *
   * @param streams the random numbers of each draft, at least one
   * @param maxTokens longest story, {@code <end>} not counted
   */
  public static SingleSearch writing(
      TokenChoice choice, List<RandomStream> streams, int maxTokens) {
    List<ToIntFunction<NextTokenLogits>> choices = new ArrayList<>();
    streams.forEach(stream -> choices.add(next -> choice.choose(next, stream)));
    return new SingleSearch(choices, maxTokens);
  }

  /**
   * Drafts that are read, to learn what a model says of them after another prompt.
   *
   * @param drafts what was written, at least one
   * @param maxTokens longest story when it was written
   */
  public static SingleSearch reading(List<DecodedStory> drafts, int maxTokens) {
    List<ToIntFunction<NextTokenLogits>> choices = new ArrayList<>();
    drafts.forEach(draft -> choices.add(new Reader(draft.tokens())));
    return new SingleSearch(choices, maxTokens);
  }

  /**
   * The tokens of a draft, one after the other, then {@code <end>}. A word that was copied, and
   * that nothing here can write, is {@code <OOV>}.
   */
  private static final class Reader implements ToIntFunction<NextTokenLogits> {
    private final int[] tokens;
    private int read;

    Reader(int[] tokens) {
      this.tokens = tokens;
    }

    @Override
    public int applyAsInt(NextTokenLogits next) {
      int token = read < tokens.length ? tokens[read++] : Vocabulary.END;
      return next.number(token) == Float.NEGATIVE_INFINITY ? Vocabulary.OOV : token;
    }
  }

  @Override
  public List<Hypothesis> live() {
    return live;
  }

  @Override
  public List<Next> expand(Hypothesis hypothesis, NextTokenLogits logits) {
    List<Next> nexts = new ArrayList<>();
    for (int i = 0; i < drafts.length; i++) {
      if (!begun || live.get(i) == hypothesis) {
        nexts.add(Next.of(choices.get(drafts[i]).applyAsInt(logits), logits));
      }
    }
    return nexts;
  }

  @Override
  public void step(List<List<Next>> nexts) {
    List<Next> all = nexts.stream().flatMap(List::stream).toList();
    List<Hypothesis> longer = new ArrayList<>();
    List<Integer> left = new ArrayList<>();
    for (int i = 0; i < drafts.length; i++) {
      int parent = begun ? i : 0;
      Hypothesis before = live.get(parent);
      Next next = all.get(i);
      if (next.token() == Vocabulary.END) {
        stories[drafts[i]] = before.ended(next);
        continue;
      }
      Hypothesis after = before.with(next, parent);
      if (after.tokens().length == maxTokens) {
        stories[drafts[i]] = after.cut();
      } else {
        longer.add(after);
        left.add(drafts[i]);
      }
    }
    begun = true;
    live = longer;
    drafts = left.stream().mapToInt(Integer::intValue).toArray();
  }

  /** The stories in the order of the drafts. */
  @Override
  public List<DecodedStory> stories() {
    return Arrays.asList(stories);
  }
}
