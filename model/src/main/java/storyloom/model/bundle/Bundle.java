package storyloom.model.bundle;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.nd4j.linalg.api.ndarray.INDArray;
import storyloom.model.UserException;
import storyloom.model.files.ChecksummedDirectory;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.config.Seq2SeqTensors;
import storyloom.model.text.token.TextSettings;
import storyloom.model.text.token.Tokenizer;
import storyloom.model.text.token.Vocabulary;
import storyloom.model.text.token.VocabularyFiles;

/**
 * A trained model with all that is needed to use it: its description, vocabulary and weights, as
 * they lie in a directory of files with checksums.
 */
public final class Bundle implements AutoCloseable {

  /** The file of the weights in the folder of a bundle. */
  public static final String WEIGHTS = "weights.safetensors";

  private static final String DESCRIPTION = "bundle.json";

  private final String version;
  private final BundleDescription description;
  private final Vocabulary vocabulary;
  private final Weights weights;
  private final Map<Class<?>, Closeable> derived = new HashMap<>();

  private Bundle(
      String version, BundleDescription description, Vocabulary vocabulary, Weights weights) {
    this.version = version;
    this.description = description;
    this.vocabulary = vocabulary;
    this.weights = weights;
  }

  /**
   * Reads a bundle. Every file is compared with its checksum before any of it is used.
   *
   * @param directory the bundle
   * @throws UserException of data, with one line that names the file and says what to do, if a file
   *     is missing, damaged or does not fit the others, or the format is newer than this program
   */
  public static Bundle read(Path directory, Configuration configuration) {
    ChecksummedDirectory files = ChecksummedDirectory.open(directory, configuration);
    byte[] json = json(files);
    String descriptionFile = files.file(DESCRIPTION).toString();
    BundleDescription.refuseNewer(json, descriptionFile);
    files.verify();
    BundleDescription description = BundleDescription.read(json, descriptionFile);
    Vocabulary vocabulary = VocabularyFiles.read(files, description.model().vocabulary());
    if (vocabulary.size() != description.model().vocabulary()) {
      throw unfit(
          files.file(VocabularyFiles.VOCABULARY),
          "it holds %d tokens where the model needs %d"
              .formatted(vocabulary.size(), description.model().vocabulary()));
    }
    if (description.text().tokenizer().equals(Tokenizer.BPE)) {
      VocabularyFiles.requireMerges(files, vocabulary);
    }
    Weights weights = weights(files, description.model());
    String version = description.version(files.sha256(WEIGHTS));
    return new Bundle(version, description, vocabulary, weights);
  }

  /**
   * Reads where the model of a bundle comes from, and nothing else of it.
   *
   * @throws UserException of data if bundle.json is missing or damaged
   */
  public static Provenance provenance(Path directory, Configuration configuration) {
    return description(directory, configuration).provenance();
  }

  /**
   * Reads how the model of a bundle reads text, and nothing else of it.
   *
   * @throws UserException of data if bundle.json is missing or damaged
   */
  public static TextSettings text(Path directory, Configuration configuration) {
    return description(directory, configuration).text();
  }

  private static BundleDescription description(Path directory, Configuration configuration) {
    ChecksummedDirectory files = ChecksummedDirectory.open(directory, configuration);
    String file = files.file(DESCRIPTION).toString();
    byte[] json = json(files);
    BundleDescription.refuseNewer(json, file);
    files.verify(DESCRIPTION);
    return BundleDescription.read(json, file);
  }

  private static byte[] json(ChecksummedDirectory files) {
    return files.read(
        DESCRIPTION, BundleDescription.MOST_BYTES, (in, length, file) -> in.readAllBytes());
  }

  private static Weights weights(ChecksummedDirectory files, Seq2SeqConfig config) {
    Path path = files.file(WEIGHTS);
    Weights weights =
        files.read(
            WEIGHTS,
            (in, length, file) ->
                Safetensors.read(
                    in,
                    length,
                    file,
                    shapes -> requireNone(Weights.differenceOfShapes(shapes, config), path)));
    try {
      requireNone(Weights.difference(weights.tensors(), config), path);
      return weights;
    } catch (UserException unfit) {
      weights.close();
      throw unfit;
    }
  }

  private static void requireNone(Optional<String> difference, Path file) {
    if (difference.isPresent()) {
      throw unfit(file, difference.get());
    }
  }

  private static UserException unfit(Path file, String why) {
    return UserException.data(
        "%s does not fit %s: %s%s".formatted(file, DESCRIPTION, why, ChecksummedDirectory.REMEDY));
  }

  /**
   * Writes a bundle; readers see it whole or not at all.
   *
   * @param modelsDirectory where the bundle's directory will stand; made if it is missing
   * @param weights as {@link Seq2SeqTensors} says; views and arrays in 'f' order are fine
   * @return the version, which is the name of the directory
   * @throws UserException if it cannot be written; nothing is left behind
   * @throws IllegalArgumentException if the vocabulary or the weights do not fit the configuration
   */
  public static String write(
      Path modelsDirectory,
      Configuration configuration,
      Seq2SeqConfig config,
      TextSettings text,
      Vocabulary vocabulary,
      SortedMap<String, INDArray> weights,
      Provenance provenance) {
    requireFit(config, vocabulary, weights);
    try (var directory = new ChecksummedDirectory.Writer(modelsDirectory, configuration)) {
      String weightsSum = write(directory, config, text, vocabulary, weights, provenance);
      String version = description(config, text, provenance).version(weightsSum);
      directory.commit(version);
      return version;
    }
  }

  /**
   * Writes a bundle's files into a directory that may hold others too.
   *
   * @param directory is left to the caller to commit
   * @param weights as {@link Seq2SeqTensors} says; views and arrays in 'f' order are fine
   * @return SHA-256 of the weights' file, in hex
   * @throws UserException if they cannot be written
   * @throws IllegalArgumentException if the vocabulary or the weights do not fit the configuration
   */
  public static String write(
      ChecksummedDirectory.Writer directory,
      Seq2SeqConfig config,
      TextSettings text,
      Vocabulary vocabulary,
      SortedMap<String, INDArray> weights,
      Provenance provenance) {
    requireFit(config, vocabulary, weights);
    String weightsSum =
        directory.write(
            WEIGHTS, out -> Safetensors.write(out, weights, WeightsMetadata.of(config, text)));
    VocabularyFiles.write(directory, vocabulary);
    VocabularyFiles.writeTokensAsJson(directory, vocabulary);
    directory.write(DESCRIPTION, description(config, text, provenance)::write);
    return weightsSum;
  }

  private static BundleDescription description(
      Seq2SeqConfig config, TextSettings text, Provenance provenance) {
    return BundleDescription.of(config, text, provenance);
  }

  private static void requireFit(
      Seq2SeqConfig config, Vocabulary vocabulary, SortedMap<String, INDArray> weights) {
    if (vocabulary.size() != config.vocabulary()) {
      throw new IllegalArgumentException(
          "a vocabulary of %d tokens for a model of %d"
              .formatted(vocabulary.size(), config.vocabulary()));
    }
    Weights.difference(weights, config)
        .ifPresent(
            difference -> {
              throw new IllegalArgumentException(
                  "these weights do not fit the model: " + difference);
            });
  }

  /** The name under which the bundle was written, whatever its directory is called now. */
  public String version() {
    return version;
  }

  /** The model's shape. */
  public Seq2SeqConfig config() {
    return description.model();
  }

  /** How text becomes ids. */
  public TextSettings text() {
    return description.text();
  }

  /** The tokens the model knows. */
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  /** The tensors that {@link Seq2SeqTensors} names; they are freed with this bundle. */
  public Weights weights() {
    return weights;
  }

  /** Where the model comes from. */
  public Provenance provenance() {
    return description.provenance();
  }

  /**
   * What was made of the weights, once for all who use this bundle; it is closed with the bundle.
   *
   * @param kind of what is made; one of each
   * @param make makes it when it is first asked for
   */
  public synchronized <T extends Closeable> T derived(Class<T> kind, Function<Bundle, T> make) {
    return kind.cast(derived.computeIfAbsent(kind, absent -> make.apply(this)));
  }

  /** Frees the weights, and what was made of them. */
  @Override
  public synchronized void close() {
    try {
      for (Closeable each : derived.values()) {
        each.close();
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } finally {
      derived.clear();
      weights.close();
    }
  }
}
