package storyloom.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import storyloom.jobs.Rounds;

final class TimeLeftTest {

  @Test
  void isAsManyRoundsAsAreLeftAtTheirMeanTime() {
    TimeLeft left = new TimeLeft(2);

    assertThat(left.after(Rounds.round(0, 0, 3, 2))).isEqualTo("0:00:10");
    assertThat(left.after(Rounds.round(0, 1, 3, 4))).isEqualTo("0:00:12");
  }

  @Test
  void resumedTrainingIsNotTimedByWhatItDidBefore() {
    assertThat(new TimeLeft(3).after(Rounds.round(2, 0, 4, 5))).isEqualTo("0:00:15");
  }

  @Test
  void nothingIsLeftAfterTheLastRound() {
    assertThat(new TimeLeft(1).after(Rounds.round(0, 3, 4, 5))).isEqualTo("0:00:00");
  }

  @Test
  void hoursGoBeyondADay() {
    assertThat(new TimeLeft(1).after(Rounds.round(0, 0, 2, 3723))).isEqualTo("1:02:03");
    assertThat(new TimeLeft(1).after(Rounds.round(0, 0, 101, 3600))).isEqualTo("100:00:00");
  }
}
