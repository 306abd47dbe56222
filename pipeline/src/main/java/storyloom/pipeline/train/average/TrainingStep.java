package storyloom.pipeline.train.average;

import java.io.Serializable;

/**
 * Where training stands besides the state's numbers; with them it decides the next update.
 *
 * @param iteration updates made so far, on which Adam's bias correction, the learning rate and
 *     dropout's draws depend
 * @param halvings how often the learning rate has been halved
 */
record TrainingStep(int iteration, int halvings) implements Serializable {

  static final TrainingStep FIRST = new TrainingStep(0, 0);
}
