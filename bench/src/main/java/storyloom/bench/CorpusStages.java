package storyloom.bench;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.ml.feature.CountVectorizer;
import org.apache.spark.ml.feature.RegexTokenizer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.storage.StorageLevel;
import storyloom.bench.load.TemporaryShards;
import storyloom.jobs.cluster.ClusterSession;
import storyloom.model.settings.Settings;
import storyloom.model.text.clean.TextCleaner;
import storyloom.model.text.clean.TextSide;
import storyloom.model.text.token.TextSettings;
import storyloom.model.text.token.Tokenizer;
import storyloom.model.text.token.Vocabulary;
import storyloom.pipeline.batch.PairEncoder;
import storyloom.pipeline.corpus.Corpus;
import storyloom.pipeline.corpus.CorpusSettings;
import storyloom.pipeline.corpus.read.CorpusReader;
import storyloom.pipeline.corpus.read.PairColumns;
import storyloom.pipeline.vocabulary.VocabularyBuilder;

/**
 * The stages of preparing a corpus, each by itself, and Spark ML's counting of the same texts. What
 * one stage leaves behind is kept on the disk for the next, so that a stage's time is its own and
 * the heap holds nothing of the corpus.
 */
final class CorpusStages implements AutoCloseable {

  /** The name of Spark ML's stage. */
  static final String SPARK_ML = "Spark ML";

  /** Words, with the apostrophes inside of them, and marks: the tokens that ours gives, nearly. */
  private static final String WORDS_AND_MARKS = "\\w+(?:'\\w+)*|[^\\w\\s]";

  private final ClusterSession cluster;
  private final Path folder;
  private final Settings settings;
  private final TextSettings text;
  private final Dataset<Row> raw;
  private final Dataset<Row> clean;
  private final Vocabulary vocabulary;

  /**
   * Reads, cleans and counts once.
   *
   * @param folder with a training split in two files
   */
  CorpusStages(ClusterSession cluster, Path folder) {
    this.cluster = cluster;
    this.folder = folder;
    this.settings = Settings.defaults().with("corpus.path", folder.toString());
    this.text = settings.textSettings();
    this.raw =
        read().select(PairColumns.PROMPT, PairColumns.STORY).persist(StorageLevel.DISK_ONLY());
    this.clean =
        raw.map(new Cleaning(text), Encoders.row(raw.schema())).persist(StorageLevel.DISK_ONLY());
    this.vocabulary = count(clean);
  }

  /** What there is to time, in order, by name. */
  Map<String, Runnable> all() {
    Map<String, Runnable> stages = new LinkedHashMap<>();
    stages.put("read", () -> consume(read().javaRDD()));
    stages.put("clean", () -> consume(raw.javaRDD().map(new Cleaning(text)::call)));
    stages.put("tokenise", () -> consume(clean.javaRDD().map(new Tokens(text)::of)));
    stages.put("count", () -> count(clean));
    stages.put("encode", this::encode);
    stages.put("prepare", this::prepare);
    stages.put(SPARK_ML, this::countBySparkMl);
    return stages;
  }

  private Dataset<Row> read() {
    return CorpusReader.readAligned(
        cluster.spark(),
        folder.resolve("train.wp_source").toString(),
        folder.resolve("train.wp_target").toString());
  }

  private Vocabulary count(Dataset<Row> pairs) {
    return VocabularyBuilder.build(
        pairs, text, settings.integer("text.min-count"), settings.integer("text.vocabulary"));
  }

  private void encode() {
    try (TemporaryShards shards = new TemporaryShards(cluster.hadoop());
        PairEncoder encoder = new PairEncoder(cluster.spark(), text, vocabulary)) {
      shards.write("train", encoder.encode(clean), cluster.slots());
    }
  }

  private void prepare() {
    try (TemporaryShards shards = new TemporaryShards(cluster.hadoop());
        Corpus corpus = Corpus.prepare(cluster.spark(), CorpusSettings.of(settings), report -> {});
        PairEncoder encoder = new PairEncoder(cluster.spark(), text, count(corpus.train()))) {
      shards.write("train", encoder.encode(corpus.train()), cluster.slots());
      shards.write("valid", encoder.encode(corpus.valid()), cluster.slots());
    }
  }

  private void countBySparkMl() {
    Dataset<Row> texts =
        clean.select(explode(array(col(PairColumns.PROMPT), col(PairColumns.STORY))).alias("text"));
    Dataset<Row> tokens =
        new RegexTokenizer()
            .setInputCol("text")
            .setOutputCol("tokens")
            .setGaps(false)
            .setPattern(WORDS_AND_MARKS)
            .transform(texts);
    new CountVectorizer()
        .setInputCol("tokens")
        .setMinDF(settings.integer("text.min-count"))
        .setVocabSize(settings.integer("text.vocabulary"))
        .fit(tokens);
  }

  private static void consume(JavaRDD<?> results) {
    results.foreach(result -> {});
  }

  /** Cleans both texts of a pair; one cleaner for each task. */
  private static final class Cleaning implements MapFunction<Row, Row> {
    private final TextSettings text;
    private transient TextCleaner cleaner;

    Cleaning(TextSettings text) {
      this.text = text;
    }

    @Override
    public Row call(Row pair) {
      if (cleaner == null) {
        cleaner = TextCleaner.of(text.rules());
      }
      return RowFactory.create(
          cleaner.clean(pair.getString(0), TextSide.PROMPT),
          cleaner.clean(pair.getString(1), TextSide.STORY));
    }
  }

  /** Splits both texts of a pair into tokens; one tokenizer for each task. */
  private static final class Tokens implements Serializable {
    private final TextSettings text;
    private transient Tokenizer tokenizer;

    Tokens(TextSettings text) {
      this.text = text;
    }

    int of(Row pair) {
      if (tokenizer == null) {
        tokenizer = Tokenizer.ofWords(text);
      }
      return tokenizer.tokenize(pair.getString(0)).size()
          + tokenizer.tokenize(pair.getString(1)).size();
    }
  }

  /** Clears the disk. */
  @Override
  public void close() {
    clean.unpersist(true);
    raw.unpersist(true);
  }
}
