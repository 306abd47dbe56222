package storyloom.model.decode.search;

import static java.util.Comparator.comparingDouble;

import java.util.ArrayList;
import java.util.List;
import storyloom.model.decode.search.Hypothesis.Next;
import storyloom.model.text.token.Vocabulary;

/**
 * Goes on with the best few drafts at a time. Every live draft's end is a story at every step, so
 * none is lost for falling behind its own continuations. A draft is dropped once even its best
 * ending could not come among the stories that are wanted, and the search is over when none is
 * left.
 */
public final class BeamSearch implements Search {

  /** A finished story and what it is ranked by. */
  private record Ranked(DecodedStory story, double rank) {}

  private final BeamSettings beam;
  private final int wanted;
  private final int maxTokens;
  private final List<Ranked> finished = new ArrayList<>();
  private List<Hypothesis> live = List.of(Hypothesis.EMPTY);

  /**
   * @param wanted how many stories, at least 1
   */
  public BeamSearch(BeamSettings beam, int wanted, int maxTokens) {
    this.beam = beam;
    this.wanted = wanted;
    this.maxTokens = maxTokens;
  }

  @Override
  public List<Hypothesis> live() {
    return live;
  }

  @Override
  public List<Next> look(Hypothesis draft, NextTokenLogits logits) {
    List<Next> nexts = new ArrayList<>();
    if (logits.score(Vocabulary.END) > Double.NEGATIVE_INFINITY) {
      nexts.add(Next.of(Vocabulary.END, logits));
      logits.forbid(Vocabulary.END);
    }
    for (int id : TopK.of(logits.numbers(), beam.size())) {
      nexts.add(Next.of(id, logits));
    }
    if (nexts.isEmpty()) {
      double logProb = logits.logProb(Vocabulary.END);
      nexts.add(new Next(Vocabulary.END, logProb, logProb));
    }
    return nexts;
  }

  @Override
  public void step(List<List<Next>> nexts) {
    List<Hypothesis> longer = new ArrayList<>();
    for (int i = 0; i < live.size(); i++) {
      Hypothesis draft = live.get(i);
      for (Next next : nexts.get(i)) {
        if (next.token() == Vocabulary.END) {
          int length = draft.tokens().length + 1;
          finish(draft.ended(next), beam.rank(draft.score() + next.score(), length));
        } else {
          longer.add(draft.with(next, i));
        }
      }
    }
    longer.sort(comparingDouble(Hypothesis::score).reversed()); // stable: of equal ones the first
    List<Hypothesis> best = longer.subList(0, Math.min(beam.size(), longer.size()));
    if (!best.isEmpty() && best.get(0).tokens().length == maxTokens) {
      best.forEach(draft -> finish(draft.cut(), beam.rank(draft.score(), maxTokens)));
      live = List.of();
    } else {
      live = best.stream().filter(this::canWin).toList();
    }
  }

  private void finish(DecodedStory story, double rank) {
    int place = finished.size();
    while (place > 0 && finished.get(place - 1).rank() < rank) {
      place--;
    }
    finished.add(place, new Ranked(story, rank));
    if (finished.size() > wanted) {
      finished.remove(wanted);
    }
  }

  /** Scores only fall, and nothing divides them by more than the greatest length does. */
  private boolean canWin(Hypothesis draft) {
    return finished.size() < wanted
        || beam.rank(draft.score(), maxTokens) > finished.get(wanted - 1).rank();
  }

  @Override
  public List<DecodedStory> stories() {
    return finished.stream().map(Ranked::story).toList();
  }
}
