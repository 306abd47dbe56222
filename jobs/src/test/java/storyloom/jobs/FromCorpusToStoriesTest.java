package storyloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole path on local[2]. */
final class FromCorpusToStoriesTest {

  @TempDir Path folder;

  @Test
  void corpusBecomesModelAndPromptsBecomeStories() throws IOException {
    Path corpus = SmallCorpus.write(folder.resolve("corpus"));
    Path home = folder.resolve("home");
    Commands.Result trained = Commands.train(SmallCorpus.training(home, corpus));
    trained.out().forEach(System.out::println);
    trained.err().forEach(System.out::println);
    assertThat(trained.status()).isZero();
    Path prompts = folder.resolve("prompts.txt");
    Files.writeString(prompts, "anna finds a lamp .\n\nben finds a map .\n");
    Commands.Result told =
        Commands.generate("--input", prompts.toString(), "--set", "home=" + home);
    told.out().forEach(System.out::println);
    told.err().forEach(System.out::println);
    assertThat(told.status()).isZero();
  }
}
