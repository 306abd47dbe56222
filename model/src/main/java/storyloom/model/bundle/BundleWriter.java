package storyloom.model.bundle;

import java.util.Map;
import java.util.SortedMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.nd4j.linalg.api.ndarray.INDArray;
import storyloom.model.UserException;
import storyloom.model.files.ChecksummedDirectoryWriter;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.config.Seq2SeqTensors;
import storyloom.model.text.token.TextSettings;
import storyloom.model.text.token.Vocabulary;

/** Writes bundles. */
public final class BundleWriter {

  private BundleWriter() {}

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
    try (var directory = new ChecksummedDirectoryWriter(modelsDirectory, configuration)) {
      String weightsSum = write(directory, config, text, vocabulary, weights, provenance);
      String version = BundleVersion.of(provenance.createdAt(), weightsSum);
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
      ChecksummedDirectoryWriter directory,
      Seq2SeqConfig config,
      TextSettings text,
      Vocabulary vocabulary,
      SortedMap<String, INDArray> weights,
      Provenance provenance) {
    requireFit(config, vocabulary, weights);
    BundleDescription description =
        new BundleDescription(BundleDescription.FORMAT, config, text, provenance);
    String weightsSum =
        directory.write(Bundle.WEIGHTS, out -> Safetensors.write(out, weights, Map.of()));
    VocabularyFiles.write(directory, vocabulary);
    directory.write(Bundle.DESCRIPTION, description::write);
    return weightsSum;
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
}
