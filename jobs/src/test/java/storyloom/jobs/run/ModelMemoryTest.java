package storyloom.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import storyloom.jobs.cluster.MemoryNeed;
import storyloom.model.fixture.SmallBundle;

final class ModelMemoryTest {

  @TempDir private Path home;

  @Test
  void followsTheSizeOfTheWeights() throws Exception {
    String version = SmallBundle.write(home.resolve("models"));
    Path weights = home.resolve("models").resolve(version).resolve("weights.safetensors");

    MemoryNeed need = ModelMemory.of(home.toString(), Optional.of(version), new Configuration());

    assertThat(need.shared()).isEqualTo(2 * Files.size(weights));
    assertThat(need.task()).isEqualTo((64 << 20) + Files.size(weights));
  }

  @Test
  void aModelWithoutWeightsIsLeftToWhoeverReadsIt() {
    MemoryNeed need =
        ModelMemory.of(new org.apache.hadoop.fs.Path(home.toUri()), new Configuration());

    assertThat(need).isEqualTo(MemoryNeed.NOTHING);
  }
}
