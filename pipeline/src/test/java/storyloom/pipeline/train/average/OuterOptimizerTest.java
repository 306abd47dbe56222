package storyloom.pipeline.train.average;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import storyloom.model.UserException;
import storyloom.model.nn.Seq2SeqGraph;
import storyloom.model.nn.config.Optimisation;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.pipeline.train.plan.OuterSettings;

class OuterOptimizerTest {

  private static final Optimisation OPTIMISATION = new Optimisation(0.01, 5, 1);

  /** Where a parameter that starts at 1 is after means of 2, 2 and 4. */
  private static float[] path(OuterSettings settings, int workers) {
    float[] path = new float[3];
    float[] means = {2, 2, 4};
    try (Seq2SeqGraph model = Seq2SeqGraph.create(new Seq2SeqConfig(10, 2, 2, 0), OPTIMISATION);
        OuterOptimizer optimizer = new OuterOptimizer(model.graph(), settings, workers)) {
      INDArray parameters = model.graph().params();
      parameters.assign(1);
      for (int round = 0; round < 3; round++) {
        byte[] old = optimizer.state().read(0);
        parameters.assign(means[round]);
        byte[] mean = optimizer.state().read(0);
        optimizer.state().write(0, ByteBuffer.wrap(old));
        assertThat(optimizer.apply(round, 0, ByteBuffer.wrap(mean))).isTrue();
        path[round] = parameters.getFloat(0);
        assertThat(parameters.data().asFloat()).containsOnly(path[round]);
      }
    }
    return path;
  }

  @Test
  void averageTakesTheMeanAsItIs() {
    assertThat(path(OuterSettings.AVERAGE, 2)).containsExactly(2, 2, 4);
  }

  /** v = 1 → 2; v = 0.5·1 + 0 → 2.5; v = 0.5·0.5 + 1.5 = 1.75 → 4.25. */
  @Test
  void momentumIsThatOfChenAndHuo() {
    assertThat(path(new OuterSettings(OuterSettings.Kind.MOMENTUM, 0.5, 1, 0), 2))
        .containsExactly(new float[] {2, 2.5f, 4.25f}, within(1e-6f));
  }

  /** The golden numbers are torch.optim.SGD's, lr 0.5, momentum 0.5, nesterov, on old − mean. */
  @Test
  void nesterovIsThatOfDouillardAndOthers() {
    assertThat(path(new OuterSettings(OuterSettings.Kind.NESTEROV, 0.5, 0.5, 0), 2))
        .containsExactly(new float[] {1.75f, 2.0625f, 3.609375f}, within(1e-6f));
  }

  @Test
  void momentumAndRateWarmUp() {
    OuterSettings settings = new OuterSettings(OuterSettings.Kind.NESTEROV, 0.5, 0.5, 2);

    assertThat(settings.momentumAt(0, 2)).isZero();
    assertThat(settings.momentumAt(1, 2)).isEqualTo(0.25);
    assertThat(settings.momentumAt(9, 2)).isEqualTo(0.5);
    assertThat(settings.rateAt(0)).isEqualTo(1);
    assertThat(settings.rateAt(1)).isEqualTo(0.75);
    assertThat(path(settings, 2)[0]).isEqualTo(2);
  }

  @Test
  void momentumFollowsTheNumberOfWorkersWhereNoneIsSet() {
    OuterSettings settings = new OuterSettings(OuterSettings.Kind.NESTEROV, 0, 1, 0);

    assertThat(settings.momentumAt(0, 4)).isEqualTo(0.5);
    assertThat(settings.momentumAt(0, 16)).isEqualTo(0.75);
    assertThat(settings.momentumAt(0, 64)).isEqualTo(0.875);
  }

  @ParameterizedTest
  @EnumSource
  void oneWorkerHasNothingToAverage(OuterSettings.Kind kind) {
    assertThat(path(new OuterSettings(kind, 0.5, 0.5, 0), 1)).containsExactly(2, 2, 4);
  }

  @Test
  void momentsAreAveragedWhateverTheSettings() {
    try (Seq2SeqGraph model = Seq2SeqGraph.create(new Seq2SeqConfig(10, 2, 2, 0), OPTIMISATION);
        OuterOptimizer optimizer =
            new OuterOptimizer(
                model.graph(), new OuterSettings(OuterSettings.Kind.MOMENTUM, 0.9, 2, 0), 2)) {
      INDArray moments = model.graph().getUpdater(true).getStateViewArray();
      moments.assign(3);
      byte[] mean = optimizer.state().read(1);
      moments.assign(0);

      optimizer.apply(5, 1, ByteBuffer.wrap(mean));

      assertThat(moments.data().asFloat()).containsOnly(3);
    }
  }

  @ParameterizedTest
  @CsvSource({"NaN", "Infinity", "-Infinity"})
  void numbersThatAreNotFiniteAreReported(float number) {
    try (Seq2SeqGraph model = Seq2SeqGraph.create(new Seq2SeqConfig(10, 2, 2, 0), OPTIMISATION);
        OuterOptimizer optimizer = new OuterOptimizer(model.graph(), OuterSettings.AVERAGE, 2)) {
      float[] numbers = model.graph().params().data().asFloat();
      numbers[numbers.length - 1] = number;
      INDArray last = model.graph().params();
      last.putScalar(numbers.length - 1, number);

      assertThat(optimizer.apply(0, 0, ByteBuffer.wrap(optimizer.state().read(0)))).isFalse();
      last.putScalar(numbers.length - 1, Float.MAX_VALUE);
      assertThat(optimizer.apply(0, 0, ByteBuffer.wrap(optimizer.state().read(0)))).isTrue();
    }
  }

  @Test
  void numbersOutOfTheirRangeNameTheKey() {
    assertThatThrownBy(() -> new OuterSettings(OuterSettings.Kind.MOMENTUM, 1, 1, 0))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("train.outer-momentum");
    assertThatThrownBy(() -> new OuterSettings(OuterSettings.Kind.MOMENTUM, 0.5, 0, 0))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("train.outer-rate");
    assertThat(
            Arrays.stream(OuterSettings.Kind.values())
                .map(kind -> OuterSettings.Kind.of(kind.toString())))
        .containsExactly(OuterSettings.Kind.values());
  }
}
