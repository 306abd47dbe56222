package storyloom.model.eval;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import storyloom.model.bundle.Bundle;
import storyloom.model.eval.PromptRanking.RankedStory;
import storyloom.model.nn.Seq2SeqGraph;
import storyloom.model.nn.layer.Minibatch;
import storyloom.model.nn.layer.StoryWindow;
import storyloom.model.nn.loss.LossTally;

/** Scores pairs by the network that training uses, with a bundle's weights. For one thread. */
public final class BundleScorer implements AutoCloseable {

  private final Seq2SeqGraph graph;
  private final int tokensAtOnce;

  /** Copies the bundle's weights; the bundle may be closed afterwards. */
  public BundleScorer(Bundle bundle) {
    this.graph = Seq2SeqGraph.of(bundle.config(), bundle.weights().tensors());
    this.tokensAtOnce = bundle.text().tokensAtOnce();
  }

  /**
   * Scores pairs, without dropout; minibatches are made of pairs of like length, and which ones
   * depends on the pairs only, not on their order.
   *
   * @param pairs with at least one token in each prompt
   * @param batch pairs in a minibatch
   */
  public LossTally score(List<ReferencePair> pairs, int batch) {
    return minibatches(pairs, batch).stream()
        .map(some -> graph.score(windows(some)))
        .reduce(LossTally.NONE, LossTally::plus);
  }

  /**
   * As {@link #score}, of each pair by itself.
   *
   * @return in the order of the pairs
   */
  public List<LossTally> scoreEach(List<ReferencePair> pairs, int batch) {
    Map<ReferencePair, LossTally> scored = new IdentityHashMap<>();
    for (List<ReferencePair> some : minibatches(pairs, batch)) {
      List<LossTally> tallies = graph.scoreEach(windows(some));
      for (int row = 0; row < some.size(); row++) {
        scored.put(some.get(row), tallies.get(row));
      }
    }
    return pairs.stream().map(scored::get).toList();
  }

  private static List<List<ReferencePair>> minibatches(List<ReferencePair> pairs, int batch) {
    List<ReferencePair> sorted = pairs.stream().sorted(ReferencePair.BY_LENGTH).toList();
    List<List<ReferencePair>> minibatches = new ArrayList<>();
    for (int from = 0; from < sorted.size(); from += batch) {
      minibatches.add(sorted.subList(from, Math.min(from + batch, sorted.size())));
    }
    return minibatches;
  }

  private List<StoryWindow> windows(List<ReferencePair> pairs) {
    return windows(
        pairs.stream().map(ReferencePair::prompt).toList(),
        pairs.stream().map(ReferencePair::story).toList());
  }

  private List<StoryWindow> windows(List<int[]> prompts, List<int[]> stories) {
    return new Minibatch(prompts, stories).windows(tokensAtOnce);
  }

  /**
   * The place of a story's own prompt among its prompts, by the story's probability after each: 0
   * if it is the likeliest. Where another is as likely, the story's own counts as the worse.
   */
  public int rank(RankedStory story) {
    List<int[]> prompts = story.prompts();
    double[] nll =
        graph.storyNll(windows(prompts, Collections.nCopies(prompts.size(), story.story())));
    return (int) Arrays.stream(nll, 1, nll.length).filter(other -> other <= nll[0]).count();
  }

  /** Whether a story's own order of sentences is likelier than the other one. */
  public boolean prefersOwnOrder(OrderedStory story) {
    double[] nll =
        graph.storyNll(
            windows(
                List.of(story.prompt(), story.prompt()), List.of(story.story(), story.shuffled())));
    return nll[0] < nll[1];
  }

  /** Frees the graph. */
  @Override
  public void close() {
    graph.close();
  }
}
