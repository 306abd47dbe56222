package storyloom.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileUtil;
import storyloom.model.bundle.Bundle;
import storyloom.model.bundle.Provenance;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.text.token.TextSettings;
import storyloom.model.text.token.TokenCount;
import storyloom.model.text.token.Vocabulary;

/** A folder with a bundle of untrained weights, whose words are made up; gone when it is closed. */
public final class UntrainedHome implements AutoCloseable {

  /** The yardstick's own limits. */
  private static final int LONGEST_PROMPT = 64;

  private static final int LONGEST_STORY = 200;

  private final Path folder;
  private final String version;

  private UntrainedHome(Path folder, String version) {
    this.folder = folder;
    this.version = version;
  }

  public static UntrainedHome of(Seq2SeqConfig config) throws IOException {
    Vocabulary vocabulary = vocabulary(config.vocabulary());
    Provenance provenance =
        new Provenance(
            "none",
            vocabulary.sha256(),
            1,
            1,
            new TreeMap<>(),
            "unknown",
            Instant.EPOCH,
            null,
            new TreeMap<>(),
            new TreeMap<>());
    Path folder = Files.createTempDirectory("storyloom-bench-serve-");
    try (DecodedModel model = DecodedModel.untrained(config)) {
      String version =
          Bundle.write(
              new org.apache.hadoop.fs.Path(folder.toUri()),
              new Configuration(),
              config,
              new TextSettings(List.of(), "words", true, LONGEST_PROMPT, LONGEST_STORY),
              vocabulary,
              model.weights().tensors(),
              provenance);
      return new UntrainedHome(folder, version);
    }
  }

  private static Vocabulary vocabulary(int size) {
    List<TokenCount> words =
        IntStream.range(Vocabulary.FIRST_WORD, size)
            .mapToObj(id -> new TokenCount(String.format(Locale.ROOT, "w%07d", id), 9))
            .toList();
    return Vocabulary.build(words, 1, size);
  }

  /** Directory of the bundle. */
  public String model() {
    return folder.resolve(version).toString();
  }

  @Override
  public void close() {
    FileUtil.fullyDelete(folder.toFile());
  }
}
