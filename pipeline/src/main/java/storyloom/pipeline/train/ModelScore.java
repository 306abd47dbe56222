package storyloom.pipeline.train;

import storyloom.model.nn.Seq2SeqGraph;
import storyloom.model.nn.loss.LossTally;

/** How the trainer's graph is scored after each epoch. */
interface ModelScore extends AutoCloseable {

  /** Loss and accuracy of all validation pairs, without dropout. */
  LossTally of(Seq2SeqGraph model);

  @Override
  void close();
}
