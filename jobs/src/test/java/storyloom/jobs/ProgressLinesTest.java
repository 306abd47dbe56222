package storyloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import storyloom.model.nn.kernel.TokenTally;
import storyloom.pipeline.train.EpochReport;
import storyloom.pipeline.train.RoundReport;
import storyloom.pipeline.train.RoundTimes;

final class ProgressLinesTest {

  @Test
  void roundSaysWhereItStandsHowFastAndHowLongStill() {
    List<String> lines =
        Commands.said(
            () -> {
              ProgressLines progress = new ProgressLines(2);
              progress.roundDone(
                  new RoundReport(
                      0,
                      0,
                      3,
                      new TokenTally(4000, 2000, 5),
                      new RoundTimes(0, 2, 0, 0),
                      0.001,
                      1));
              progress.roundDone(
                  new RoundReport(
                      0, 1, 3, new TokenTally(1000, 2000, 5), new RoundTimes(1, 1, 1, 1), 5e-5, 1));
            });

    assertThat(lines)
        .containsExactly(
            "epoch 1 of 2, round 1 of 3: 1,000 tokens/s, loss 2.0000, rate 0.00100, 0:00:10 left",
            "epoch 1 of 2, round 2 of 3: 500 tokens/s, loss 0.5000, rate 5.00e-05, 0:00:12 left");
  }

  @Test
  void epochSaysHowWellBothSplitsAreKnown() {
    TokenTally train = new TokenTally(0, 10, 5);
    TokenTally valid = new TokenTally(10 * Math.log(4), 10, 1);

    List<String> lines =
        Commands.said(() -> new ProgressLines(3).epochDone(new EpochReport(1, train, valid, 9)));

    assertThat(lines)
        .containsExactly(
            "epoch 2 of 3, train: loss 0.0000, perplexity 1.00, accuracy 50.00 %",
            "epoch 2 of 3, valid: loss 1.3863, perplexity 4.00, accuracy 10.00 %");
  }

  @Test
  void hoursGoBeyondADay() {
    assertThat(ProgressLines.clock(3723)).isEqualTo("1:02:03");
    assertThat(ProgressLines.clock(100 * 3600)).isEqualTo("100:00:00");
  }
}
