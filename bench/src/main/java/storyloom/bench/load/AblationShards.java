package storyloom.bench.load;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.xxhash64;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;
import storyloom.jobs.cluster.ClusterSession;
import storyloom.model.settings.Settings;
import storyloom.model.text.token.TextSettings;
import storyloom.model.text.token.Vocabulary;
import storyloom.pipeline.batch.EncodedPair;
import storyloom.pipeline.batch.PairEncoder;
import storyloom.pipeline.corpus.Corpus;
import storyloom.pipeline.corpus.CorpusSettings;
import storyloom.pipeline.corpus.read.PairColumns;
import storyloom.pipeline.vocabulary.VocabularyBuilder;

/**
 * A corpus as shards of ids, prepared once, cut for several numbers of workers: the same pairs and
 * the same vocabulary for all of them. They outlast the session that they were written in.
 */
public final class AblationShards implements AutoCloseable {

  private final TemporaryShards shards;
  private final Map<Integer, Path> train = new TreeMap<>();
  private final Path valid;
  private final int vocabulary;

  /**
   * Reads, cleans, splits and encodes the corpus that the settings name.
   *
   * @param limit pairs of the training split that are kept, the same ones each time; 0 for all
   * @param workers numbers of workers that there are to be shards for
   */
  public AblationShards(
      ClusterSession cluster, Settings settings, int limit, Collection<Integer> workers) {
    TextSettings text = settings.textSettings();
    shards = new TemporaryShards(cluster.hadoop());
    try (Corpus corpus =
        Corpus.prepare(cluster.spark(), CorpusSettings.of(settings), report -> {})) {
      Dataset<Row> kept = limited(corpus.train(), limit);
      Vocabulary words =
          VocabularyBuilder.build(
              kept, text, settings.integer("text.min-count"), settings.integer("text.vocabulary"));
      vocabulary = words.size();
      try (PairEncoder encoder = new PairEncoder(cluster.spark(), text, words)) {
        JavaRDD<EncodedPair> pairs = encoder.encode(kept).persist(StorageLevel.MEMORY_AND_DISK());
        for (int count : workers) {
          train.computeIfAbsent(count, each -> shards.write("train-" + each, pairs, each));
        }
        pairs.unpersist();
        valid = shards.write("valid", encoder.encode(corpus.valid()), cluster.slots());
      }
    } catch (RuntimeException failure) {
      shards.close();
      throw failure;
    }
  }

  private static Dataset<Row> limited(Dataset<Row> pairs, int limit) {
    return limit == 0
        ? pairs
        : pairs
            .orderBy(xxhash64(col(PairColumns.PROMPT), col(PairColumns.STORY)))
            .limit(limit)
            .cache();
  }

  /** The training pairs' shards, one for each worker. */
  public Path train(int workers) {
    return train.get(workers);
  }

  /** The validation pairs' shards. */
  public Path valid() {
    return valid;
  }

  /** V. */
  public int vocabulary() {
    return vocabulary;
  }

  @Override
  public void close() {
    shards.close();
  }
}
