package storyloom.model.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ProvenanceTest {

  @Test
  void noModelTellsASecret() {
    Provenance provenance =
        new Provenance(
            "c",
            "v",
            1,
            1,
            new TreeMap<>(),
            "unknown",
            Instant.EPOCH,
            null,
            new TreeMap<>(
                Map.of(
                    "notify.command", "curl https://hooks.example.org/T0/B0",
                    "corpus.path", "ftp://ann:pw@host/a",
                    "train.epochs", "3",
                    "of.another.release", "x")),
            new TreeMap<>());

    assertThat(provenance.settings())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "notify.command", "set",
                "corpus.path", "ftp://host/a",
                "train.epochs", "3",
                "of.another.release", "x"));
  }
}
