package storyloom.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileUtil;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import storyloom.model.UserException;
import storyloom.model.bundle.Bundle;
import storyloom.model.bundle.Provenance;
import storyloom.model.bundle.Weights;
import storyloom.model.nn.InitialWeights;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.config.Seq2SeqTensors;
import storyloom.model.nn.config.Tensor;
import storyloom.model.text.TextCodec;
import storyloom.model.text.token.TextSettings;
import storyloom.model.text.token.TokenCount;
import storyloom.model.text.token.Vocabulary;

/**
 * The model that {@code bin/bench decode} and {@code serve} write stories with: a bundle's, or one
 * with the weights that training starts from.
 *
 * @param text what the ids of a bundle stand for; empty for an untrained model
 */
public record DecodedModel(Seq2SeqConfig config, Weights weights, Optional<TextCodec> text)
    implements AutoCloseable {

  private static final long SEED = 1;

  /**
   * @throws UserException of data if the bundle cannot be read
   */
  public static DecodedModel read(String directory) {
    Bundle bundle = Bundle.read(new org.apache.hadoop.fs.Path(directory), new Configuration());
    return new DecodedModel(
        bundle.config(),
        bundle.weights(),
        Optional.of(new TextCodec(bundle.text(), bundle.vocabulary())));
  }

  /** Untrained weights; none of a training's other memory is taken. */
  public static DecodedModel untrained(Seq2SeqConfig config) {
    SortedMap<String, INDArray> tensors = new TreeMap<>();
    for (Tensor tensor : Seq2SeqTensors.of(config).values()) {
      tensors.put(tensor.name(), Nd4j.create(DataType.FLOAT, tensor.shape(), 'c'));
    }
    InitialWeights.fill(tensors, config, SEED);
    return new DecodedModel(config, Weights.of(tensors), Optional.empty());
  }

  @Override
  public void close() {
    weights.close();
  }

  /** A temporary folder with the bundle of an untrained model and synthetic words. */
  public static final class UntrainedHome implements AutoCloseable {

    /** The yardstick's own limits. */
    private static final int LONGEST_PROMPT = 64;

    private static final int LONGEST_STORY = 200;

    private final Path folder;
    private final String version;

    private UntrainedHome(Path folder, String version) {
      this.folder = folder;
      this.version = version;
    }

    /**
     * Writes the bundle.
     *
     * @throws IOException if there is no room for a temporary folder
     */
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
}
