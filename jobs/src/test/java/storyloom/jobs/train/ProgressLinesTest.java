package storyloom.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import storyloom.jobs.Commands;
import storyloom.jobs.Rounds;
import storyloom.model.nn.loss.LossTally;
import storyloom.pipeline.train.plan.TrainingProgress.EpochReport;

final class ProgressLinesTest {

  @Test
  void roundSaysWhereItStandsHowFastAndHowLongStill() {
    List<String> lines =
        Commands.said(
            () -> {
              ProgressLines progress = new ProgressLines(2);
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
        Commands.said(() -> new ProgressLines(3).epochDone(new EpochReport(1, train, valid, 9)));

    assertThat(lines)
        .containsExactly(
            "epoch 2 of 3, train: loss 0.0000, perplexity 1.00, accuracy 50.00 %",
            "epoch 2 of 3, valid: loss 1.3863, perplexity 4.00, accuracy 10.00 %");
  }
}
