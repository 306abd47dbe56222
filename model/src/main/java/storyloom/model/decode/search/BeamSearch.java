package storyloom.model.decode.search;

import static java.util.Comparator.comparingDouble;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import storyloom.model.decode.search.Hypothesis.Next;
import storyloom.model.text.token.Vocabulary;

/**
 * Continues the best few hypotheses at a time. Every live hypothesis' end is a story at every step,
 * so none is lost for falling behind its own continuations. A hypothesis is dropped once even its
 * best ending could not come among the stories that are wanted, and the search is over when none is
 * left.
 */
public final class BeamSearch implements Search {

  /**
   * How wide a beam search is, and what it prefers. Stories are ranked by
   *
   * <pre>
   *   score / ((5 + length) / 6)^α
   * </pre>
   *
   * <p>where length counts {@code <end>} (Wu et al. 2016, "GNMT", equation 14, without coverage).
   *
   * @param size hypotheses of a prompt that are continued at a time
   * @param lengthPenalty α: 0 prefers short stories, more makes long ones worth more
   */
  public record Settings(int size, double lengthPenalty) implements Serializable {

    private static final double OFFSET = 5;

    /**
     * What a story is ranked by.
     *
     * @param score sum of log probabilities
     * @param length tokens, {@code <end>} included where it was written
     */
    double rank(double score, int length) {
      return score / Math.pow((OFFSET + length) / (OFFSET + 1), lengthPenalty);
    }
  }

  /** A finished story and what it is ranked by. */
  private record Ranked(DecodedStory story, double rank) {}

  private final Settings beam;
  private final int wanted;
  private final int maxTokens;
  private final List<Ranked> finished = new ArrayList<>();
  private List<Hypothesis> live = List.of(Hypothesis.EMPTY);

  /**
   * @param wanted how many stories, at least 1
   */
  public BeamSearch(Settings beam, int wanted, int maxTokens) {
    this.beam = beam;
    this.wanted = wanted;
    this.maxTokens = maxTokens;
  }

  @Override
  public List<Hypothesis> live() {
    return live;
  }

  @Override
  public List<Next> expand(Hypothesis hypothesis, NextTokenLogits logits) {
    List<Next> nexts = new ArrayList<>();
    if (logits.score(Vocabulary.END) > Double.NEGATIVE_INFINITY) {
      nexts.add(Next.of(Vocabulary.END, logits));
      logits.forbid(Vocabulary.END);
    }
    for (int id : logits.likeliest(beam.size())) {
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
      Hypothesis hypothesis = live.get(i);
      for (Next next : nexts.get(i)) {
        if (next.token() == Vocabulary.END) {
          int length = hypothesis.tokens().length + 1;
          finish(hypothesis.ended(next), beam.rank(hypothesis.score() + next.score(), length));
        } else {
          longer.add(hypothesis.with(next, i));
        }
      }
    }
    longer.sort(comparingDouble(Hypothesis::score).reversed()); // stable: of equal ones the first
    List<Hypothesis> best = longer.subList(0, Math.min(beam.size(), longer.size()));
    if (!best.isEmpty() && best.get(0).tokens().length == maxTokens) {
      best.forEach(
          hypothesis -> finish(hypothesis.cut(), beam.rank(hypothesis.score(), maxTokens)));
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
  private boolean canWin(Hypothesis hypothesis) {
    return finished.size() < wanted
        || beam.rank(hypothesis.score(), maxTokens) > finished.get(wanted - 1).rank();
  }

  @Override
  public List<DecodedStory> stories() {
    return finished.stream().map(Ranked::story).toList();
  }
}
