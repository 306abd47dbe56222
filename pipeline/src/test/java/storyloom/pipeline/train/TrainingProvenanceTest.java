package storyloom.pipeline.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import storyloom.model.nn.loss.LossTally;
import storyloom.pipeline.train.plan.TrainingProgress.EpochReport;
import storyloom.pipeline.train.plan.TrainingResult;
import storyloom.pipeline.train.plan.TrainingResult.Ending;

final class TrainingProvenanceTest {

  private static EpochReport epoch(int number, double validPerplexity) {
    LossTally valid = new LossTally(100 * Math.log(validPerplexity), 100, 20);
    return new EpochReport(number, new LossTally(0, 1000, 1000), valid, 2.5);
  }

  @Test
  void theKeptEpochIsWhatTheModelIsAndEveryEpochIsReported() {
    SortedMap<String, Double> metrics =
        TrainingProvenance.metrics(
            new TrainingResult(
                List.of(epoch(0, 8), epoch(1, 4), epoch(2, 5)), epoch(1, 4), Ending.EPOCHS),
            Map.of("train_pairs", 30.0, "valid_pairs", 5.0));

    assertThat(metrics.get("valid_perplexity_epoch_01")).isCloseTo(8, within());
    assertThat(metrics.get("valid_perplexity_epoch_02")).isCloseTo(4, within());
    assertThat(metrics.get("valid_perplexity")).isCloseTo(4, within());
    assertThat(metrics)
        .containsEntry("train_perplexity", 1.0)
        .containsEntry("valid_accuracy", 0.2)
        .containsEntry("train_pairs", 30.0)
        .containsEntry("valid_pairs", 5.0)
        .containsEntry("train_seconds", 7.5)
        .containsEntry("tokens_per_second", 400.0);
  }

  @Test
  void perplexitiesComeInTheOrderOfTheEpochs() {
    SortedMap<String, Double> metrics = new TreeMap<>();
    metrics.put("valid_perplexity", 1.0);
    metrics.put("valid_perplexity_epoch_02", 3.0);
    metrics.put("valid_perplexity_epoch_100", 2.0);
    metrics.put("valid_perplexity_epoch_99", 2.5);

    assertThat(TrainingProvenance.validPerplexities(metrics)).containsExactly(3.0, 2.5, 2.0);
  }

  private static org.assertj.core.data.Offset<Double> within() {
    return org.assertj.core.data.Offset.offset(1e-9);
  }
}
