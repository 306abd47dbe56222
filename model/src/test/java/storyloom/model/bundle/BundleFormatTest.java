package storyloom.model.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import storyloom.model.text.token.LongStories;
import storyloom.model.text.token.TextSettings;

/** Bundles of older formats are read, those of newer ones are refused. */
class BundleFormatTest {

  @TempDir private Path models;
  private Path directory;

  @BeforeEach
  void writeBundle() {
    directory = SmallModel.write(models);
  }

  @Test
  void aNewerFormatIsNamedWhateverItsChecksums() throws IOException {
    SmallModel.replaceInDescription(directory, "\"format\" : 5", "\"format\" : 8");

    SmallModel.assertRefused(
        directory,
        "bundle.json was written by a newer Storyloom (format 8; this one reads up to 7)");
  }

  @Test
  void aModelThatReadsStoriesInWindowsSaysSoInAFormatThatOlderProgramsRefuse() throws IOException {
    TextSettings windows =
        new TextSettings(
            List.of(), "words", true, 64, 200, LongStories.WINDOWS, TextSettings.RULES_VERSION);

    String version =
        Bundle.write(
            new org.apache.hadoop.fs.Path(models.toUri()),
            new Configuration(),
            SmallModel.CONFIG,
            windows,
            SmallModel.VOCABULARY,
            SmallModel.weights(),
            SmallModel.PROVENANCE);

    assertThat(Files.readString(models.resolve(version).resolve("bundle.json")))
        .contains("\"format\" : 7", "\"longStories\" : \"windows\"");
    try (Bundle bundle = SmallModel.read(models.resolve(version))) {
      assertThat(bundle.text()).isEqualTo(windows);
      assertThat(bundle.config()).isEqualTo(SmallModel.CONFIG);
    }
  }

  private void withoutOptionsOfFormat5() throws IOException {
    SmallModel.replaceInDescription(directory, "\"copy\" : false,", "");
    SmallModel.replaceInDescription(
        directory, ",\n    \"recurrentDropout\" : 0.0,\n    \"embeddingDropout\" : 0.0", "");
  }

  @Test
  void aModelOfFormat4IsReadThoughItTellsNothingOfCopying() throws IOException {
    SmallModel.replaceInDescription(directory, "\"format\" : 5", "\"format\" : 4");
    withoutOptionsOfFormat5();
    SmallModel.sumAnew(directory);

    try (Bundle bundle = SmallModel.read(directory)) {
      assertThat(bundle.config()).isEqualTo(SmallModel.CONFIG);
    }
  }

  @Test
  void aModelOfFormat3IsReadThoughItsRulesAreNotRecorded() throws IOException {
    SmallModel.replaceInDescription(directory, "\"format\" : 5", "\"format\" : 3");
    withoutOptionsOfFormat5();
    SmallModel.replaceInDescription(directory, ",\n    \"rulesVersion\" : 1", "");
    SmallModel.sumAnew(directory);

    TextSettings text =
        Bundle.text(new org.apache.hadoop.fs.Path(directory.toUri()), new Configuration());
    assertThat(text.rules()).isEqualTo(SmallModel.TEXT.rules());
    assertThat(text.otherRules())
        .hasValue(
            "its text was cleaned by rules of an unrecorded version, where this program has version 1");
    assertThat(SmallModel.TEXT.otherRules()).isEmpty();
  }

  @Test
  void aModelOfFormat2IsReadThoughItTellsNoRun() throws IOException {
    SmallModel.replaceInDescription(directory, "\"format\" : 5", "\"format\" : 2");
    withoutOptionsOfFormat5();
    SmallModel.replaceInDescription(directory, ",\n    \"rulesVersion\" : 1", "");
    SmallModel.replaceInDescription(directory, "\"run\" : null,", "");
    SmallModel.replaceInDescription(directory, "\"corpusFiles\" : { },", "");
    SmallModel.sumAnew(directory);

    try (Bundle bundle = SmallModel.read(directory)) {
      assertThat(bundle.provenance()).isEqualTo(SmallModel.PROVENANCE);
    }
    assertThat(
            Bundle.provenance(
                new org.apache.hadoop.fs.Path(directory.toUri()), new Configuration()))
        .isEqualTo(SmallModel.PROVENANCE);
  }
}
