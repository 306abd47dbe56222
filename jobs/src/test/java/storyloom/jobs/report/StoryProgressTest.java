package storyloom.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class StoryProgressTest {

  private static final long SECOND = 1_000_000_000L;

  private final List<String> lines = new ArrayList<>();
  private long now = 5 * SECOND;

  private StoryProgress progress(long pauseSeconds) {
    return new StoryProgress(10_000, lines::add, pauseSeconds * SECOND, () -> now);
  }

  @Test
  void speedAndTimeLeftAreThoseOfAllTasksTogether() {
    StoryProgress progress = progress(0);
    now += 10 * SECOND;
    progress.set(1, 600);
    now += 10 * SECOND;
    progress.set(2, 400);

    assertThat(lines)
        .containsExactly(
            "600 of 10,000 stories, 60.0 stories/s, 0:02:37 left",
            "1,000 of 10,000 stories, 50.0 stories/s, 0:03:00 left");
  }

  @Test
  void whatAFailedTaskHadDoneCountsNoLonger() {
    StoryProgress progress = progress(0);
    now += 10 * SECOND;
    progress.set(1, 1000);
    progress.set(2, 1000);
    progress.set(2, 0);

    assertThat(lines.get(2)).startsWith("1,000 of 10,000 stories");
  }

  @Test
  void linesKeepTheirDistance() {
    StoryProgress progress = progress(10);
    for (int i = 1; i <= 25; i++) {
      now += SECOND;
      progress.set(1, i);
    }

    assertThat(lines).hasSize(2);
  }

  @Test
  void nothingIsSaidBeforeTheFirstStory() {
    progress(0).set(1, 0);

    assertThat(lines).isEmpty();
  }
}
