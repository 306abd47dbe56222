package storyloom.jobs.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LogAxisTest {

  /** All numbers that XChart would write in a range, as the axis has them. */
  private static String labels(LogAxis axis) {
    return IntStream.rangeClosed(-4, 4)
        .boxed()
        .flatMap(decade -> IntStream.rangeClosed(1, 9).mapToObj(one -> one * Math.pow(10, decade)))
        .filter(place -> place >= axis.least() && place <= axis.most())
        .map(axis::label)
        .filter(label -> !label.isBlank())
        .collect(Collectors.joining(" "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2      | 5000 | 3 | 10 100 1,000",
        "50     | 410  | 3 | 50 100 200",
        "44.8   | 118  | 3 | 50 70 100",
        "35     | 180  | 3 | 50 70 100",
        "60     | 125  | 3 | 60 70 80 90 100",
        "0.0005 | 0.04 | 2 | 0.001 0.01",
        "0.0004 | 0.004| 2 | 0.0005 0.001 0.002",
      })
  void numbersAreRoundAndAsFewAsDo(double least, double most, int wanted, String labels) {
    LogAxis axis = new LogAxis(least, most, wanted);

    assertThat(axis.hasNumbers()).isTrue();
    assertThat(labels(axis)).isEqualTo(labels);
  }

  @ParameterizedTest
  @CsvSource({"58.6,66", "60,60", "10.1,19.9", "0,5", "NaN,NaN", "5,Infinity"})
  void aRangeWithoutNumbersOfItsOwnIsEven(double least, double most) {
    assertThat(new LogAxis(least, most, 3).hasNumbers()).isFalse();
  }
}
