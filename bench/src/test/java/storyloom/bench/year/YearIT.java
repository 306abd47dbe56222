package storyloom.bench.year;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Simulated nights, some of which go wrong. */
class YearIT {

  private static void simulate(String... arguments) {
    StringWriter said = new StringWriter();
    int status =
        new CommandLine(new YearCommand()).setOut(new PrintWriter(said)).execute(arguments);

    assertThat(status).as("%s", said).isZero();
  }

  @Test
  void nightsAreKilledReadingTrainingEvaluatingAndPromotingBetweenTwoQuietOnes() {
    simulate("--nights", "6", "--kills", "4", "--poisoned", "0", "--full", "0");
  }

  @Test
  @Tag("soak")
  void aYear() {
    simulate("--nights", "365");
  }
}
