package storyloom.jobs.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class RankCorrelationTest {

  private static List<Double> numbers(double... values) {
    return Arrays.stream(values).boxed().toList();
  }

  @Test
  void whatRisesWithTheOtherIsOneWhateverTheScale() {
    RankCorrelation correlation =
        RankCorrelation.of(numbers(1, 10, 100, 1000, 10000), numbers(1, 2, 3, 4, 5));

    assertThat(correlation.rho()).isEqualTo(1);
    assertThat(correlation.isUnsure()).isFalse();
  }

  /** The correlation of the ranks 1, 2.5, 2.5, 4, 6, 5 and 6, 5, 3, 4, 1, 2. */
  @Test
  void equalValuesShareTheirMeanRank() {
    RankCorrelation correlation =
        RankCorrelation.of(numbers(1, 2, 2, 3, 5, 4), numbers(6, 5, 3, 4, 1, 2));

    assertThat(correlation.rho()).isEqualTo(-0.8986, within(0.0001));
  }

  @Test
  void chanceIsToldAsSuchNineteenTimesOfTwenty() {
    Random random = new Random(1);
    long sure =
        Stream.generate(
                () ->
                    RankCorrelation.of(
                        random.doubles(16).boxed().toList(), random.doubles(16).boxed().toList()))
            .limit(1000)
            .filter(correlation -> !correlation.isUnsure())
            .count();

    assertThat(sure).isBetween(25L, 75L);
  }

  @Test
  void aSettingThatIsTheSameInAllTellsNothing() {
    assertThat(RankCorrelation.of(numbers(1, 1, 1, 1), numbers(1, 2, 3, 4)).isUnsure()).isTrue();
    assertThat(RankCorrelation.of(numbers(1, 2), numbers(1, 2)).isUnsure()).isTrue();
  }
}
