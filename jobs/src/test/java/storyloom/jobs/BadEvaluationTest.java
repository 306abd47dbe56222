package storyloom.jobs;

import static storyloom.jobs.Mistake.assertMistake;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Texts that a model cannot be evaluated by. */
@ExtendWith(SmallModel.Once.class)
final class BadEvaluationTest {

  private final SmallModel model;

  @TempDir Path folder;

  BadEvaluationTest(SmallModel model) {
    this.model = model;
  }

  @Test
  void unequalFilesToEvaluateBy() throws IOException {
    Path source = Files.writeString(folder.resolve("s.txt"), "a\nb\n");
    Path target = Files.writeString(folder.resolve("t.txt"), "a\n");

    assertMistake(
        Commands.evaluate(
            "--source",
            source.toString(),
            "--target",
            target.toString(),
            "--set",
            "home=" + model.home()),
        3,
        "s.txt",
        "t.txt");
  }

  @Test
  void aSampleOfLessThanNothing() {
    assertMistake(
        Commands.evaluate("--source", "s.txt", "--target", "t.txt", "--sample", "-1"),
        2,
        "--sample",
        "-1");
  }

  @Test
  void moreAttentionThanThereAreStories() {
    assertMistake(
        Commands.evaluate("--source", "s", "--target", "t", "--sample=5", "--attention=6"),
        2,
        "--attention",
        "5",
        "6");
  }

  @Test
  void anotherModelThatIsNotThere() {
    assertMistake(
        Commands.evaluate(
            "--source=s",
            "--target=t",
            "--compare=20200101T000000-01234567",
            "--set",
            "home=" + model.home()),
        3,
        "there is no model 20200101T000000-01234567");
  }

  @Test
  void aModelBesideItself() {
    assertMistake(
        Commands.evaluate(
            "--source=s",
            "--target=t",
            "--compare=" + model.version(),
            "--set",
            "home=" + model.home()),
        2,
        "--compare=" + model.version(),
        "name another one");
  }

  @Test
  void nothingToEvaluate() throws IOException {
    Path blank = Files.writeString(folder.resolve("blank.txt"), "\n\n");

    assertMistake(
        Commands.evaluate(
            "--source",
            blank.toString(),
            "--target",
            blank.toString(),
            "--set",
            "home=" + model.home()),
        3,
        "no prompt with a token");
  }
}
