package storyloom.model.nn.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DropoutStreamTest {

  private static final int POSITIONS = 100_000;

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.1, 0.3, 0.5, 0.999})
  void zeroesItsShare(double rate) {
    DropoutStream stream = new DropoutStream(5, rate);

    long dropped = LongStream.range(0, POSITIONS).filter(stream::drops).count();

    assertThat((double) dropped / POSITIONS).isCloseTo(rate, within(0.005));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.1, 0.3, 0.5, 0.999})
  void loopsWithoutBranchesZeroTheSameNumbers(double rate) {
    DropoutStream stream = new DropoutStream(-7, rate);

    for (long position = 0; position < POSITIONS; position++) {
      assertThat(stream.keptBits(position, stream.limit()))
          .as("position %d", position)
          .isEqualTo(stream.drops(position) ? 0 : -1);
    }
  }
}
