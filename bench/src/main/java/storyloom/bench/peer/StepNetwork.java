package storyloom.bench.peer;

import storyloom.model.nn.Seq2SeqGraph;
import storyloom.model.nn.layer.Minibatch;
import storyloom.model.nn.loss.LossTally;

/** A network that {@code bin/bench step} times. */
public interface StepNetwork extends AutoCloseable {

  /** One update; the loss is that before it. */
  LossTally fit(Minibatch minibatch);

  /** The loss, without learning. */
  LossTally score(Minibatch minibatch);

  @Override
  void close();

  /** The network that Storyloom trains. */
  static StepNetwork of(Seq2SeqGraph model) {
    return new StepNetwork() {
      @Override
      public LossTally fit(Minibatch minibatch) {
        return model.fit(minibatch);
      }

      @Override
      public LossTally score(Minibatch minibatch) {
        return model.score(minibatch);
      }

      @Override
      public void close() {
        model.close();
      }
    };
  }
}
