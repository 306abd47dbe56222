package storyloom.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import storyloom.jobs.Commands;
import storyloom.jobs.Rounds;
import storyloom.jobs.cli.Console;
import storyloom.model.nn.loss.LossTally;
import storyloom.pipeline.train.plan.TrainingProgress.EpochReport;

final class ConsoleProgressTest {

  private static final String ERASE = "\r\u001b[J";

  /** What a terminal is sent to show a line that the next one replaces. */
  private static String drawn(String line) {
    return "\u001b[?7l" + line + "\u001b[?7h\r";
  }

  private static String bar(String columns, int epoch, int round) {
    String written =
        Commands.written(
            () -> {
              try (ConsoleProgress.Bar bar = new ConsoleProgress.Bar(2, columns)) {
                bar.roundDone(Rounds.round(epoch, round, 4, 2));
              }
            });
    return written.substring(drawn("").indexOf("l") + 1, written.indexOf("\u001b[?7h"));
  }

  @Test
  void barSaysWhereItStandsHowFastAndHowLongStill() {
    assertThat(bar(null, 0, 0))
        .isEqualTo(
            "epoch 1/2 [#####----------------] 1/4  1,000 tokens/s  loss 2.0000  0:00:14 left");
    assertThat(bar(null, 1, 3))
        .isEqualTo(
            "epoch 2/2 [#####################] 4/4  1,000 tokens/s  loss 2.0000  0:00:00 left");
  }

  @ParameterizedTest
  @CsvSource({",80", "much,80", "90,90", "100,100", "300,100", "70,70"})
  void barIsAsWideAsTheTerminalUpToAHundredColumns(String columns, int width) {
    assertThat(bar(columns, 0, 2)).hasSize(width);
  }

  @Test
  void barIsDrawnInPlaceBelowTheEpochsAndIsGoneInTheEnd() {
    LossTally tally = new LossTally(0, 10, 5);

    String written =
        Commands.written(
            () -> {
              try (ConsoleProgress.Bar bar = new ConsoleProgress.Bar(2, "80")) {
                bar.roundDone(Rounds.round(0, 2, 4, 2));
                bar.roundDone(Rounds.round(0, 3, 4, 2));
                bar.epochDone(new EpochReport(0, tally, tally, 9));
              }
              Console.say("{}");
            });

    String three =
        "epoch 1/2 [###############------] 3/4  1,000 tokens/s  loss 2.0000  0:00:10 left";
    String four =
        "epoch 1/2 [#####################] 4/4  1,000 tokens/s  loss 2.0000  0:00:08 left";
    String figures = "loss 0.0000, perplexity 1.00, accuracy 50.00 %\n";
    assertThat(written)
        .isEqualTo(
            drawn(three)
                + (ERASE + drawn(four))
                + (ERASE + "epoch 1 of 2, train: " + figures + drawn(four))
                + (ERASE + "epoch 1 of 2, valid: " + figures + drawn(four))
                + (ERASE + "{}\n"));
  }

  @Test
  void remarkGoesAboveTheBar() {
    String written =
        Commands.written(
            () -> {
              try (ConsoleProgress.Bar bar = new ConsoleProgress.Bar(2, "80")) {
                bar.roundDone(Rounds.round(0, 0, 4, 2));
                Console.remark("a remark");
              }
            });

    String one = "epoch 1/2 [#####----------------] 1/4  1,000 tokens/s  loss 2.0000  0:00:14 left";
    assertThat(written).isEqualTo(drawn(one) + ERASE + drawn(one) + ERASE);
  }

  @Test
  void roundSaysWhereItStandsHowFastAndHowLongStill() {
    List<String> lines =
        Commands.said(
            () -> {
              ConsoleProgress.Lines progress = new ConsoleProgress.Lines(2);
              progress.roundDone(Rounds.round(0, 0, 3, 2));
              progress.roundDone(Rounds.round(0, 1, 3, 4));
            });

    assertThat(lines)
        .containsExactly(
            "epoch 1 of 2, round 1 of 3: 1,000 tokens/s, loss 2.0000, rate 0.00100, 0:00:10 left",
            "epoch 1 of 2, round 2 of 3: 500 tokens/s, loss 2.0000, rate 0.00100, 0:00:12 left");
  }

  @Test
  void epochSaysHowWellBothSplitsAreKnown() {
    LossTally train = new LossTally(0, 10, 5);
    LossTally valid = new LossTally(10 * Math.log(4), 10, 1);

    List<String> lines =
        Commands.said(
            () -> new ConsoleProgress.Lines(3).epochDone(new EpochReport(1, train, valid, 9)));

    assertThat(lines)
        .containsExactly(
            "epoch 2 of 3, train: loss 0.0000, perplexity 1.00, accuracy 50.00 %",
            "epoch 2 of 3, valid: loss 1.3863, perplexity 4.00, accuracy 10.00 %");
  }

  @Test
  void timeLeftIsThatOfTheRoundsThatAreLeftAtTheirMeanTime() {
    ConsoleProgress.TimeLeft left = new ConsoleProgress.TimeLeft(2);

    assertThat(left.after(Rounds.round(0, 0, 3, 2))).isEqualTo("0:00:10");
    assertThat(left.after(Rounds.round(0, 1, 3, 4))).isEqualTo("0:00:12");
  }

  @Test
  void resumedTrainingIsNotTimedByWhatItDidBefore() {
    assertThat(new ConsoleProgress.TimeLeft(3).after(Rounds.round(2, 0, 4, 5)))
        .isEqualTo("0:00:15");
  }

  @Test
  void nothingIsLeftAfterTheLastRound() {
    assertThat(new ConsoleProgress.TimeLeft(1).after(Rounds.round(0, 3, 4, 5)))
        .isEqualTo("0:00:00");
  }

  @Test
  void hoursGoBeyondADay() {
    assertThat(new ConsoleProgress.TimeLeft(1).after(Rounds.round(0, 0, 2, 3723)))
        .isEqualTo("1:02:03");
    assertThat(new ConsoleProgress.TimeLeft(1).after(Rounds.round(0, 0, 101, 3600)))
        .isEqualTo("100:00:00");
  }
}
