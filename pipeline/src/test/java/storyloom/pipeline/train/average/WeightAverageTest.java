package storyloom.pipeline.train.average;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import storyloom.model.UserException;
import storyloom.model.nn.Seq2SeqGraph;
import storyloom.model.nn.config.Optimisation;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.pipeline.train.plan.OuterSettings;

class WeightAverageTest {

  private final Seq2SeqGraph model =
      Seq2SeqGraph.create(new Seq2SeqConfig(10, 2, 2, 0), new Optimisation(0.01, 5, 1));

  @AfterEach
  void close() {
    model.close();
  }

  /** What the average is after rounds of some updates that end in parameters of 1, 3 and 5. */
  private float[] path(double decay, int updates) {
    float[] path = new float[3];
    try (WeightAverage average = new WeightAverage(model.graph(), decay)) {
      for (int round = 0; round < path.length; round++) {
        model.graph().params().assign(1 + 2 * round);
        average.follow(0, (long) round * updates, updates);
        path[round] = average.numbers().getFloat(0);
        assertThat(average.numbers().data().asFloat()).containsOnly(path[round]);
      }
    }
    return path;
  }

  @Test
  void atFirstItIsTheMeanOfAllRoundsWithoutTheStart() {
    assertThat(path(0.999, 1)).containsExactly(new float[] {1, 2, 3}, within(1e-6f));
    assertThat(path(0.9, 2)).containsExactly(new float[] {1, 2, 3}, within(1e-6f));
  }

  /** 0.5·2 + 0.5·5; of rounds of two updates 0.25·1 + 0.75·3, then 0.25·2.5 + 0.75·5. */
  @Test
  void thenItForgetsAsFastAsTheDecaySaysOfEachUpdate() {
    assertThat(path(0.5, 1)).containsExactly(new float[] {1, 2, 3.5f}, within(1e-6f));
    assertThat(path(0.5, 2)).containsExactly(new float[] {1, 2.5f, 4.375f}, within(1e-6f));
  }

  @Test
  void exchangedTwiceAllIsAsBefore() {
    INDArray parameters = model.graph().params();
    float[] before = parameters.data().asFloat();
    try (WeightAverage average = new WeightAverage(model.graph(), 0.5)) {
      average.follow(0, 0, 1);
      parameters.assign(7);

      average.exchange();
      assertThat(parameters.data().asFloat()).containsExactly(before);
      assertThat(average.numbers().data().asFloat()).containsOnly(7);

      average.exchange();
      assertThat(parameters.data().asFloat()).containsOnly(7);
      assertThat(average.numbers().data().asFloat()).containsExactly(before);
    }
  }

  @Test
  void adamsMomentsAreNotFollowed() {
    try (WeightAverage average = new WeightAverage(model.graph(), 0.5)) {
      average.follow(1, 0, 1);

      assertThat(average.numbers().data().asFloat()).containsOnly(0);
    }
  }

  @Test
  void aDecayOfOneWouldNeverLearn() {
    assertThatThrownBy(() -> new OuterSettings(OuterSettings.Kind.AVERAGE, 0, 1, 0, 1))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("train.weight-average");
  }
}
