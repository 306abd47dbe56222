package storyloom.model.decode.search;

import java.util.List;
import storyloom.model.decode.search.Hypothesis.Next;
import storyloom.model.text.token.Vocabulary;

/** One hypothesis that takes one token after the other: greedy decoding and sampling. */
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

  private final TokenChoice choice;
  private final RandomStream stream;
  private final int maxTokens;
  private Hypothesis hypothesis = Hypothesis.EMPTY;
  private DecodedStory story;

  /**
   * @param stream the random numbers of the story
   * @param maxTokens longest story, {@code <end>} not counted
   */
  public SingleSearch(TokenChoice choice, RandomStream stream, int maxTokens) {
    this.choice = choice;
    this.stream = stream;
    this.maxTokens = maxTokens;
  }

  @Override
  public List<Hypothesis> live() {
    return story == null ? List.of(hypothesis) : List.of();
  }

  @Override
  public List<Next> expand(Hypothesis live, NextTokenLogits logits) {
    return List.of(Next.of(choice.choose(logits, stream), logits));
  }

  @Override
  public void step(List<List<Next>> nexts) {
    Next next = nexts.get(0).get(0);
    if (next.token() == Vocabulary.END) {
      story = hypothesis.ended(next);
      return;
    }
    hypothesis = hypothesis.with(next, 0);
    if (hypothesis.tokens().length == maxTokens) {
      story = hypothesis.cut();
    }
  }

  @Override
  public List<DecodedStory> stories() {
    return List.of(story);
  }
}
