package storyloom.model.decode;

import java.util.List;
import storyloom.model.decode.Draft.Next;
import storyloom.model.text.Vocabulary;

/** One draft that takes one token after the other: greedy decoding and sampling. */
final class SingleSearch implements Search {

  private final TokenChoice choice;
  private final RowStream stream;
  private final int maxTokens;
  private Draft draft = Draft.EMPTY;
  private DecodedStory story;

  SingleSearch(TokenChoice choice, RowStream stream, int maxTokens) {
    this.choice = choice;
    this.stream = stream;
    this.maxTokens = maxTokens;
  }

  @Override
  public List<Draft> live() {
    return story == null ? List.of(draft) : List.of();
  }

  @Override
  public List<Next> look(Draft live, RowLogits logits) {
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
