package storyloom.jobs;

import static storyloom.jobs.Mistake.assertMistake;
import static storyloom.jobs.Mistake.assertMistakeLeavesNothing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Models that are not there or not whole write no story. */
@ExtendWith(SmallModel.Once.class)
final class BadModelTest {

  private final SmallModel whole;

  @TempDir Path folder;
  private Path prompts;

  BadModelTest(SmallModel whole) {
    this.whole = whole;
  }

  @BeforeEach
  void writeAPrompt() throws IOException {
    prompts = Files.writeString(folder.resolve("prompts.jsonl"), "{\"prompt\": \"a\"}");
  }

  /** A copy of the model, to be spoilt. */
  private Path copyOfModel() throws IOException {
    Path copy = Files.createDirectory(folder.resolve("model"));
    try (Stream<Path> files = Files.list(whole.home().resolve("models").resolve(whole.version()))) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    return copy;
  }

  /** Writing stories fails with one line with these words, and leaves nothing behind. */
  private void generatingFails(String model, String... words) {
    assertMistakeLeavesNothing(folder, () -> whole.generate(prompts, "--model", model), 3, words);
  }

  @Test
  void modelThatIsNotThere() {
    generatingFails("19990101T000000", "19990101T000000");
  }

  @Test
  void homeWithoutAModel() {
    String home = folder.resolve("home").toString();

    assertMistake(
        Commands.generate("--input", prompts.toString(), "--set", "home=" + home),
        3,
        "train one first");
  }

  @Test
  void modelWithOneFlippedByte() throws IOException {
    Path model = copyOfModel();
    Path weights = model.resolve("weights.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length / 2] ^= 1;
    Files.write(weights, bytes);

    generatingFails(model.toString(), "weights.safetensors");
  }

  @Test
  void modelOfANewerFormat() throws IOException {
    Path model = copyOfModel();
    Path description = model.resolve("bundle.json");
    String json = Files.readString(description);
    Files.writeString(description, json.replaceFirst("\"format\" : \\d+", "\"format\" : 99"));

    generatingFails(model.toString(), "newer", "99");
  }

  @Test
  void modelThatLacksAFile() throws IOException {
    Path model = copyOfModel();
    Files.delete(model.resolve("vocabulary.tsv"));

    generatingFails(model.toString(), "vocabulary.tsv");
  }
}
