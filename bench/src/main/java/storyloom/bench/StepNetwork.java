package storyloom.bench;

import storyloom.model.nn.Minibatch;
import storyloom.model.nn.Seq2SeqGraph;
import storyloom.model.nn.kernel.TokenTally;

/** A network that {@code bin/bench step} times. */
interface StepNetwork extends AutoCloseable {

  /** One update; the loss is that before it. */
  TokenTally fit(Minibatch minibatch);

  /** The loss, without learning. */
  TokenTally score(Minibatch minibatch);

  @Override
  void close();

  /** The network that Storyloom trains. */
  static StepNetwork of(Seq2SeqGraph model) {
    return new StepNetwork() {
      @Override
      public TokenTally fit(Minibatch minibatch) {
        return model.fit(minibatch);
      }

      @Override
      public TokenTally score(Minibatch minibatch) {
        return model.score(minibatch);
      }

      @Override
      public void close() {
        model.close();
      }
    };
  }
}
