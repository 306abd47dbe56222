package storyloom.model.nn;

import storyloom.model.nn.layer.DeferredRows;
import storyloom.model.nn.layer.Minibatch;
import storyloom.model.nn.layer.StoryWindow;
import storyloom.model.nn.loss.LossTally;

/**
 * Updates of a graph one after another: the same weights, bit by bit, as by {@link
 * Seq2SeqGraph#fit(StoryWindow)}, but sooner, as rows of embeddings are updated when a minibatch
 * uses them ({@link DeferredRows}). Until the series is closed, the graph's flat parameters and
 * moments are those of no single moment; afterwards they are those of the last update.
 */
public final class UpdateSeries implements AutoCloseable {

  private final Seq2SeqGraph graph;
  private final GraphPasses passes;

  UpdateSeries(Seq2SeqGraph graph, GraphPasses passes) {
    this.graph = graph;
    this.passes = passes;
    passes.startSeries();
  }

  /** One update by whole stories. */
  public LossTally fit(Minibatch minibatch) {
    return graph.fit(minibatch);
  }

  /** One update, as by {@link Seq2SeqGraph#fit(StoryWindow)}. */
  public LossTally fit(StoryWindow window) {
    return graph.fit(window);
  }

  @Override
  public void close() {
    passes.endSeries();
  }
}
