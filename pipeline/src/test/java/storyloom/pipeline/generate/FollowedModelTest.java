package storyloom.pipeline.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import storyloom.model.UserException;
import storyloom.model.fixture.SmallBundle;
import storyloom.model.registry.Registry;
import storyloom.pipeline.LocalSpark;

/** A generator that names the registry's current model, or pins one. */
final class FollowedModelTest {

  @TempDir Path home;

  private Registry registry;
  private String first;
  private String second;

  @BeforeEach
  void writeModels() {
    LocalSpark.session(); // Spark ML saves by whatever session there is
    Path models = home.resolve("models");
    registry = new Registry(home.toString(), new Configuration());
    first = SmallBundle.ofDozenWords().writeTo(models);
    second = SmallBundle.ofDozenWords().withSeed(4).writeTo(models);
    assertThat(second).isNotEqualTo(first);
  }

  private StoryGenerator following() {
    return new StoryGenerator().setBundle(home + "/models/current");
  }

  private StoryGenerator pinning() {
    return new StoryGenerator().setBundle(home + "/models/" + first);
  }

  private static Dataset<Row> prompts() {
    return LocalSpark.session().sql("select 'a fox sang .' as prompt");
  }

  private static String model(Dataset<Row> told) {
    return told.first().getAs("model");
  }

  @Test
  void theModelThatIsCurrentWhenTransformRunsWrites() {
    StoryGenerator generator = following();
    registry.promote(first);
    Dataset<Row> before = generator.transform(prompts());
    registry.promote(second);

    assertThat(model(generator.transform(prompts()))).isEqualTo(second);
    assertThat(model(before)).as("a table that is there already").isEqualTo(first);
    assertThat(model(pinning().transform(prompts()))).isEqualTo(first);
    assertThat(generator.modelVersion(LocalSpark.session())).isEqualTo(second);
  }

  @Test
  void whatIsSavedSaysWhetherItPins(@TempDir Path folder) throws IOException {
    registry.promote(first);
    following().save(folder.resolve("following").toString());
    pinning().save(folder.resolve("pinning").toString());
    registry.promote(second);

    StoryGenerator followed = StoryGenerator.load(folder.resolve("following").toString());
    StoryGenerator pinned = StoryGenerator.load(folder.resolve("pinning").toString());

    assertThat(metadata(folder.resolve("following"))).contains("\"pinsModel\":false");
    assertThat(metadata(folder.resolve("pinning"))).contains("\"pinsModel\":true");
    assertThat(followed.followsRegistry()).isTrue();
    assertThat(followed)
        .hasToString(
            "StoryGenerator: uid=%s, bundle=%s/models/current (followed)"
                .formatted(followed.uid(), home));
    assertThat(pinned.toString()).endsWith("(pinned)");
    assertThat(model(followed.transform(prompts()))).isEqualTo(second);
    assertThat(model(pinned.transform(prompts()))).isEqualTo(first);
  }

  private static String metadata(Path saved) throws IOException {
    try (Stream<Path> files = Files.list(saved.resolve("metadata"))) {
      Path part =
          files
              .filter(file -> file.getFileName().toString().startsWith("part-"))
              .findFirst()
              .orElseThrow();
      return Files.readString(part);
    }
  }

  @Test
  void noModelIsALineThatSaysWhatToDo() {
    assertThatThrownBy(() -> following().transform(prompts()))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("models/current names no model: promote one, or set bundle");
    assertThatThrownBy(() -> new StoryGenerator().transform(prompts()))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "bundle is not set: setBundle names the folder of a model, or home/models/current for the"
                + " current one");
    assertThatThrownBy(() -> new StoryGenerator().transformSchema(prompts().schema()))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("bundle is not set");
  }
}
