package storyloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A home with a model that has learned a {@link SmallCorpus}, by settings of a test.
 *
 * @param folder where it lies, corpus and all
 * @param settings beside those of {@link SmallCorpus#training}
 * @param trained what train.jar said
 */
record SmallHome(Path folder, List<String> settings, Commands.Result trained) {

  /** Trains the model. */
  static SmallHome train(Path folder, List<String> settings) {
    return train(folder, SmallCorpus.write(folder.resolve("corpus")), settings);
  }

  /** Trains the model on long stories. */
  static SmallHome trainOnLongStories(Path folder, List<String> settings) {
    return train(folder, SmallCorpus.writeLong(folder.resolve("corpus")), settings);
  }

  private static SmallHome train(Path folder, Path corpus, List<String> settings) {
    Commands.Result trained =
        Commands.train(
            SmallCorpus.training(folder.resolve("home"), corpus, arguments(settings, List.of())));
    assertThat(trained.status()).as("%s", trained.err()).isZero();
    return new SmallHome(folder, settings, trained);
  }

  private static String[] arguments(List<String> settings, List<String> more) {
    return Stream.concat(settings.stream(), more.stream())
        .flatMap(setting -> Stream.of("--set", setting))
        .toArray(String[]::new);
  }

  /** What train.jar says in an empty home, where it also gets another setting. */
  Commands.Result trainElsewhere(Path elsewhere, String setting) {
    return Commands.train(
        SmallCorpus.training(
            elsewhere, folder.resolve("corpus"), arguments(settings, List.of(setting))));
  }

  /** The likeliest stories for prompts. */
  List<String> greedy(String... prompts) throws IOException {
    return stories(List.of(prompts), "--strategy", "greedy");
  }

  /** Stories for prompts, with options of generate.jar. */
  List<String> stories(List<String> prompts, String... options) throws IOException {
    Path input = Files.write(folder.resolve("p.txt"), prompts);
    Path told = Files.createTempDirectory(folder, "told").resolve("stories");
    String batch = Integer.toString(prompts.size());
    return CommandOutput.stories(folder.resolve("home"), input, told, batch, options);
  }

  /** The model's figures by its validation split. */
  Commands.Result evaluate() {
    Commands.Result measured =
        Commands.evaluate(
            SmallCorpus.evaluation(folder.resolve("home"), folder.resolve("corpus"), "valid"));
    assertThat(measured.status()).as("%s", measured.err()).isZero();
    return measured;
  }
}
