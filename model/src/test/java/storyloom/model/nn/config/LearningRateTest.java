package storyloom.model.nn.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import storyloom.model.UserException;
import storyloom.model.nn.config.LearningRate.Schedule;

/** Rates at single updates, and the same as torch.optim.lr_scheduler's; see optimiser.py. */
class LearningRateTest {

  private static JsonNode golden() {
    try (InputStream file =
        LearningRateTest.class.getResourceAsStream("/storyloom/model/nn/optimiser.json")) {
      return new ObjectMapper().readTree(file);
    } catch (IOException unreadable) {
      throw new AssertionError(unreadable);
    }
  }

  @Test
  void aConstantRateStays() {
    LearningRate rate = LearningRate.constant(0.001);

    assertThat(rate.at(1, 0)).isEqualTo(0.001);
    assertThat(rate.at(1_000_000_000_000L, 0)).isEqualTo(0.001);
  }

  @Test
  void warmUpRisesInAStraightLineFromZeroAndEndsAtTheRate() {
    LearningRate rate = new LearningRate(Schedule.CONSTANT, 0.001, 1000, 0);

    assertThat(rate.at(1, 0)).isCloseTo(1e-6, within(1e-18));
    assertThat(rate.at(500, 0)).isCloseTo(5e-4, within(1e-18));
    assertThat(rate.at(1000, 0)).isEqualTo(0.001);
    assertThat(rate.at(1001, 0)).isEqualTo(0.001);
  }

  @Test
  void theInverseSquareRootHalvesWhenUpdatesAreFourTimesWarmUp() {
    LearningRate rate = new LearningRate(Schedule.INVERSE_SQRT, 0.001, 1000, 0);

    assertThat(rate.at(250, 0)).isEqualTo(0.00025);
    assertThat(rate.at(1000, 0)).isEqualTo(0.001);
    assertThat(rate.at(4000, 0)).isEqualTo(0.0005);
    assertThat(rate.at(100_000, 0)).isCloseTo(0.0001, within(1e-18));
  }

  @Test
  void halvingsHalveWarmUpAsWell() {
    LearningRate rate = new LearningRate(Schedule.PLATEAU, 0.001, 10, 0.01);

    assertThat(rate.at(5, 1)).isEqualTo(0.00025);
    assertThat(rate.at(20, 0)).isEqualTo(0.001);
    assertThat(rate.at(20, 3)).isEqualTo(0.000125);
  }

  @Test
  void onlyPlateauCountsHalvings() {
    List<Double> worse = List.of(10.0, 20.0, 9.95);

    assertThat(new LearningRate(Schedule.PLATEAU, 0.001, 0, 0.01).halvings(List.of())).isZero();
    assertThat(new LearningRate(Schedule.PLATEAU, 0.001, 0, 0.01).halvings(worse)).isEqualTo(2);
    assertThat(new LearningRate(Schedule.PLATEAU, 0.001, 0, 0).halvings(worse)).isEqualTo(1);
    assertThat(new LearningRate(Schedule.CONSTANT, 0.001, 0, 0.01).halvings(worse)).isZero();
  }

  @ParameterizedTest
  @EnumSource(
      value = Schedule.class,
      names = {"CONSTANT", "INVERSE_SQRT"})
  void ratesAgreeWithPyTorchsLambdaLr(Schedule schedule) {
    JsonNode golden = golden();
    LearningRate rate =
        new LearningRate(schedule, golden.get("rate").asDouble(), golden.get("warmUp").asInt(), 0);

    JsonNode expected = golden.get(schedule.toString());
    assertThat(expected.size()).isEqualTo(12);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(rate.at(i + 1, 0)).isCloseTo(expected.get(i).asDouble(), within(1e-17));
    }
  }

  @Test
  void plateausAgreeWithPyTorchsReduceLrOnPlateau() {
    JsonNode golden = golden();
    LearningRate rate =
        new LearningRate(
            Schedule.PLATEAU,
            golden.get("rate").asDouble(),
            0,
            golden.get("improvement").asDouble());

    List<Double> perplexities = new ArrayList<>();
    for (int epoch = 0; epoch < golden.get("perplexities").size(); epoch++) {
      perplexities.add(golden.get("perplexities").get(epoch).asDouble());
      assertThat(rate.at(1, rate.halvings(perplexities)))
          .isEqualTo(golden.get("plateau").get(epoch).asDouble());
    }
  }

  @ParameterizedTest
  @EnumSource(Schedule.class)
  void schedulesAreSpelledAsInTheSettings(Schedule schedule) {
    assertThat(Schedule.of(schedule.toString())).isEqualTo(schedule);
    assertThat(schedule.toString()).matches("[a-z-]+");
  }

  @Test
  void numbersOutOfRangeAreRefusedByTheirKey() {
    refused(Schedule.CONSTANT, 0, 0, 0.01, "train.learning-rate must be above 0, not 0.0");
    refused(Schedule.CONSTANT, 1, -1, 0.01, "train.warm-up must be at least 0, not -1");
    refused(
        Schedule.INVERSE_SQRT,
        1,
        0,
        0.01,
        "train.warm-up must be at least 1 where train.schedule is inverse-sqrt, not 0");
    refused(
        Schedule.PLATEAU,
        1,
        0,
        1,
        "train.plateau-improvement must be at least 0 and below 1, not 1.0");
  }

  private static void refused(
      Schedule schedule, double peak, int warmUp, double improvement, String message) {
    assertThatThrownBy(() -> new LearningRate(schedule, peak, warmUp, improvement))
        .isInstanceOf(UserException.class)
        .hasMessage(message);
  }
}
