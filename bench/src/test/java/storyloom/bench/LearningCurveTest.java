package storyloom.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import storyloom.bench.LearningCurve.Point;

class LearningCurveTest {

  private static final LearningCurve CURVE =
      new LearningCurve(
          List.of(
              new Point(0, 0, 1000),
              new Point(10, 500, 100),
              new Point(20, 1000, 120),
              new Point(34, 1500, 30)));

  @Test
  void anEpochsEndIsReachedAtItsEnd() {
    assertThat(CURVE.reaching(100)).isEqualTo(new Point(10, 500, 100));
  }

  @Test
  void betweenTwoEpochsTheLogarithmFallsInAStraightLine() {
    Point halfway = CURVE.reaching(60); // √(120 · 30)

    assertThat(halfway.seconds()).isCloseTo(27, within(1e-9));
    assertThat(halfway.tokens()).isCloseTo(1250, within(1e-9));
  }

  @Test
  void whatIsNeverReachedIsRefused() {
    assertThat(CURVE.best()).isEqualTo(30);
    assertThatThrownBy(() -> CURVE.reaching(29)).isInstanceOf(IllegalArgumentException.class);
  }
}
