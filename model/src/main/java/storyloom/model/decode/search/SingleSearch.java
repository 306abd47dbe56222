package storyloom.model.decode.search;

import java.util.List;
import storyloom.model.decode.search.Hypothesis.Next;
import storyloom.model.text.token.Vocabulary;

/** One draft that takes one token after the other: greedy decoding and sampling. */
public final class SingleSearch implements Search {

  private final TokenChoice choice;
  private final RandomStream stream;
  private final int maxTokens;
  private Hypothesis draft = Hypothesis.EMPTY;
  private DecodedStory story;

  public SingleSearch(TokenChoice choice, RandomStream stream, int maxTokens) {
    this.choice = choice;
    this.stream = stream;
    this.maxTokens = maxTokens;
  }

  @Override
  public List<Hypothesis> live() {
    return story == null ? List.of(draft) : List.of();
  }

  @Override
  public List<Next> look(Hypothesis live, NextTokenLogits logits) {
    return List.of(Next.of(choice.choose(logits, stream), logits));
  }

  @Override
  public void step(List<List<Next>> nexts) {
    Next next = nexts.get(0).get(0);
    if (next.token() == Vocabulary.END) {
      story = draft.ended(next);
      return;
    }
    draft = draft.with(next, 0);
    if (draft.tokens().length == maxTokens) {
      story = draft.cut();
    }
  }

  @Override
  public List<DecodedStory> stories() {
    return List.of(story);
  }
}
