package storyloom.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import storyloom.jobs.cluster.MemoryNeed;
import storyloom.model.settings.Settings;

final class TrainingMemoryTest {

  private static MemoryNeed need(String settings) {
    return new TrainingSettings(Settings.load(Optional.empty(), List.of(settings.split(" "))))
        .memory();
  }

  /** 21,570,000 parameters by default: at least four numbers each, and not many times that. */
  @ParameterizedTest
  @CsvSource({
    "seed=1, 650, 750, 480, 530",
    "train.batch=640, 2000, 2400, 480, 530",
    "text.vocabulary=200000, 4800, 5100, 4500, 4800",
    "model.embedding=16 model.hidden=32 text.vocabulary=1000, 10, 40, 0, 2",
    "model.kind=transformer model.layers=4, 1900, 2300, 500, 560",
    "train.batch-tokens=100000, 2000, 2600, 480, 530",
  })
  void growsWithTheModelAndTheMinibatch(
      String settings, long task, long mostOfTask, long driver, long mostOfDriver) {
    MemoryNeed need = need(settings.replace("seed=1", "train.seed=1"));

    assertThat(need.task() >> 20).isBetween(task, mostOfTask);
    assertThat(need.driver() >> 20).isBetween(driver, mostOfDriver);
    assertThat(need.shared()).isZero();
  }
}
