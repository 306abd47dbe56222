package storyloom.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class BuildInfoTest {

  @Test
  void librariesTellTheirVersions() {
    assertThat(BuildInfo.versions())
        .containsKeys("storyloom", "java", "os", "cpu")
        .hasEntrySatisfying("spark", version -> assertThat(version).startsWith("3.5."))
        .hasEntrySatisfying("scala", version -> assertThat(version).startsWith("2.12."))
        .hasEntrySatisfying("nd4j", version -> assertThat(version).startsWith("1.0.0-M2"))
        .hasEntrySatisfying("deeplearning4j", version -> assertThat(version).startsWith("1.0.0-M2"))
        .hasEntrySatisfying("dl4j-spark", version -> assertThat(version).startsWith("1.0.0-M2"));
  }

  @Test
  void classesOutsideOfAJarKnowNoCommit() {
    assertThat(BuildInfo.gitCommit()).isEqualTo("unknown");
  }
}
