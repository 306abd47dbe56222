package storyloom.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import storyloom.model.settings.Settings;

/** What the pages say of runs and evaluations; how they look is told by {@link LayoutTest}. */
final class PagesTest {

  @TempDir Path folder;

  @Test
  void aRunHasItsBestEpochMarkedAndItsSplitsNamed() throws IOException {
    assertThat(PagesOfRecords.run(folder))
        .contains("the best one marked", ">best: 9<", ">training<", ">validation<");
  }

  /** Twelve epochs and 96 rounds have places for more numbers than a phone has room for. */
  @Test
  void roundsAreCountedInRoundNumbers() throws IOException {
    assertThat(PagesOfRecords.run(folder)).contains(">20<", ">40<", ">80<").doesNotContain(">15<");
  }

  @Test
  void anEvaluationSaysWhatWasMeasuredWhenAndHow() {
    assertThat(PagesOfRecords.evaluation(Optional.empty()))
        .contains("stories/test.wp_source", "stories/test.wp_target", "30 November 2026, 12:00 UTC")
        .contains(PagesOfRecords.MODEL + ", which was made from " + PagesOfRecords.PARENT)
        .contains("strategy", "seed", Settings.defaults().text("decode.strategy"))
        .contains("How stories were written", "max-tokens");
  }
}
