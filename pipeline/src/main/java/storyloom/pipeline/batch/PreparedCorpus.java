package storyloom.pipeline.batch;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import storyloom.model.UserException;
import storyloom.model.files.ChecksummedDirectory;
import storyloom.model.text.token.Vocabulary;
import storyloom.model.text.token.VocabularyFiles;

/**
 * A corpus that is ready to be trained on, in a folder:
 *
 * <pre>
 *   prepared.json       what it holds
 *   vocabulary.tsv      what its ids stand for; merges.txt beside it for byte-pair encoding
 *   SHA256SUMS          of these and of what else was written with them
 *   train/, valid/      a shard for each worker, with checksums of their own ({@link ShardFile})
 *   story-8grams.bloom  what quotations from the training split are known by
 *   held-out/           the validation split as text, gzipped JSON lines, to evaluate any model on
 * </pre>
 *
 * @param folder where it stands
 * @param contents what it holds
 * @param vocabulary what its ids stand for
 */
public record PreparedCorpus(Path folder, Contents contents, Vocabulary vocabulary) {

  private static final int FORMAT = 3;
  private static final String CONTENTS = "prepared.json";

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  /**
   * What a prepared corpus holds.
   *
   * @param format of the folder
   * @param madeOf stands for all that decides what is in it but the vocabulary it began with
   * @param corpusHash SHA-256 of the cleaned pairs
   * @param vocabularyHash SHA-256 of the vocabulary
   * @param workers shards of each split
   * @param train what the training split's shards hold
   * @param valid what the validation split's shards hold
   */
  public record Contents(
      int format,
      String madeOf,
      String corpusHash,
      String vocabularyHash,
      int workers,
      ShardTotals train,
      ShardTotals valid) {

    /** In the format of this release. */
    public static Contents of(
        String madeOf,
        String corpusHash,
        Vocabulary vocabulary,
        int workers,
        ShardTotals train,
        ShardTotals valid) {
      return new Contents(FORMAT, madeOf, corpusHash, vocabulary.sha256(), workers, train, valid);
    }
  }

  /** Where the training split's shards stand in a folder. */
  public static Path train(Path folder) {
    return new Path(folder, "train");
  }

  /** Where the validation split's shards stand in a folder. */
  public static Path valid(Path folder) {
    return new Path(folder, "valid");
  }

  /** Where the validation split stands as text in a folder. */
  public static Path heldOut(Path folder) {
    return new Path(folder, "held-out");
  }

  /** Adds to a folder whose shards are written what else belongs there. */
  public static void describe(
      ChecksummedDirectory.Writer folder, Contents contents, Vocabulary vocabulary) {
    VocabularyFiles.write(folder, vocabulary);
    folder.write(CONTENTS, out -> out.write(JSON.writeValueAsBytes(contents)));
  }

  /**
   * Reads a folder. All checksums are compared, those of the shards on the executors.
   *
   * @throws UserException if something is missing or damaged; the message names the first such file
   */
  public static PreparedCorpus read(JavaSparkContext context, Path folder) {
    ChecksummedDirectory files = ChecksummedDirectory.open(folder, context.hadoopConfiguration());
    files.verify();
    Contents contents = contents(files);
    Vocabulary vocabulary = VocabularyFiles.read(files);
    PairShards.requireWhole(context, train(folder), contents.workers(), contents.train().pairs());
    PairShards.requireWhole(context, valid(folder), contents.workers(), contents.valid().pairs());
    return new PreparedCorpus(folder, contents, vocabulary);
  }

  /**
   * Opens a folder that {@link #read} has found whole: shards are looked at when they are read.
   *
   * @throws UserException if what it holds, or the vocabulary, is missing or damaged
   */
  public static PreparedCorpus open(Path folder, Configuration configuration) {
    ChecksummedDirectory files = ChecksummedDirectory.open(folder, configuration);
    return new PreparedCorpus(folder, contents(files), VocabularyFiles.read(files));
  }

  /**
   * What a folder says that it holds, without a look at the rest of it.
   *
   * @throws UserException if it cannot be read, or is of another format
   */
  public static Contents contents(Path folder, Configuration configuration) {
    return contents(ChecksummedDirectory.open(folder, configuration));
  }

  private static Contents contents(ChecksummedDirectory folder) {
    return folder.read(CONTENTS, (in, length, file) -> contents(in.readAllBytes(), file));
  }

  private static Contents contents(byte[] json, String file) throws IOException {
    JsonNode tree = JSON.readTree(json);
    int format = tree.path("format").asInt();
    if (format != FORMAT) {
      throw UserException.data(
          "%s has format %d, this program reads format %d".formatted(file, format, FORMAT));
    }
    return JSON.treeToValue(tree, Contents.class);
  }

  /** Folder of the training split's shards. */
  public Path train() {
    return train(folder);
  }

  /** Folder of the validation split's shards. */
  public Path valid() {
    return valid(folder);
  }

  /** Folder of the validation split as text. */
  public Path heldOut() {
    return heldOut(folder);
  }
}
