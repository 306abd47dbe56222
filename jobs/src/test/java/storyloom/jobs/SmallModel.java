package storyloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileUtil;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store.CloseableResource;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A model of {@link SmallCorpus}.
 *
 * @param home where it lies
 * @param version its name
 */
record SmallModel(Path home, String version) {

  /** Writes stories with it. */
  Commands.Result generate(Path input, String... more) {
    return Commands.generate(
        Stream.concat(
                Stream.of("--input", input.toString(), "--set", "home=" + home), Stream.of(more))
            .toArray(String[]::new));
  }

  /** Trains the model once, for all test classes whose constructor asks for it. */
  static final class Once implements ParameterResolver {

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext extension) {
      return parameter.getParameter().getType() == SmallModel.class;
    }

    @Override
    public SmallModel resolveParameter(ParameterContext parameter, ExtensionContext extension) {
      return extension
          .getRoot()
          .getStore(Namespace.GLOBAL)
          .getOrComputeIfAbsent(Trained.class, type -> Trained.now(), Trained.class)
          .model();
    }
  }

  /** The model until all tests have ended. */
  private record Trained(Path folder, SmallModel model) implements CloseableResource {

    static Trained now() {
      Path folder = newFolder();
      Path home = folder.resolve("home");
      Commands.Result result =
          Commands.train(
              SmallCorpus.training(
                  home, SmallCorpus.write(folder.resolve("corpus")), "--set", "train.epochs=1"));
      assertThat(result.status()).as("%s", result.err()).isZero();
      return new Trained(folder, new SmallModel(home, result.json().get("model").textValue()));
    }

    private static Path newFolder() {
      try {
        return Files.createTempDirectory("small-model-");
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }

    @Override
    public void close() {
      FileUtil.fullyDelete(folder.toFile());
    }
  }
}
