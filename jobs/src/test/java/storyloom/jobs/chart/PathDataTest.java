package storyloom.jobs.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PathDataTest {

  @Test
  void pointsAreSaidByTheirDistanceFromTheOneBefore() {
    assertThat(PathData.shortened("M10 10 L12.5 10 Q13 9.25 13 12 C1 2 3 4 5 6 Z", 2))
        .isEqualTo("m10 10l2.5 0q.5-.75 .5 2c-12-10-10-8-8-6z");
  }

  @Test
  void aShapeBehindAnotherBeginsWhereThatOneBegan() {
    assertThat(PathData.shortened("M10 10 L20 30 Z M11 12 L13 12 Z", 2))
        .isEqualTo("m10 10l10 20zm1 2l2 0z");
  }

  @Test
  void roundingDoesNotAddUp() {
    StringBuilder line = new StringBuilder("M0 0");
    for (int i = 1; i <= 1000; i++) {
      line.append(" L").append(i * 1.004).append(" 0");
    }

    String[] distances = PathData.shortened(line.toString(), 2).substring(4).split("l");

    double end = 0;
    for (int i = 1; i < distances.length; i++) {
      end += Double.parseDouble(distances[i].split(" ")[0]);
    }
    assertThat(Math.round(end * 100)).isEqualTo(100400);
  }

  @Test
  void otherCommandsAreRefused() {
    for (String data : new String[] {"M1 1 A5 5 0 0 1 2 2", "1 2 3", "m1 1 l2 2"}) {
      assertThatThrownBy(() -> PathData.shortened(data, 2))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
