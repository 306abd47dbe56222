package storyloom.pipeline.evaluate;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;
import storyloom.model.UserException;
import storyloom.model.eval.BundleScorer;
import storyloom.model.eval.Evaluation;
import storyloom.model.eval.ReferencePair;
import storyloom.model.nn.kernel.NativeThreads;
import storyloom.model.nn.loss.LossTally;
import storyloom.pipeline.JobDescription;
import storyloom.pipeline.Unpersist;
import storyloom.pipeline.corpus.read.PairColumns;

/** Scores pairs with a model, each partition in a task; sums are taken in partition order. */
public final class Evaluator {

  /**
   * What one task, or several, add up to.
   *
   * @param pairs scored pairs
   * @param loss of their target tokens
   * @param words of their stories, and one for the end of each
   * @param unknown target tokens that the vocabulary lacks
   * @param copied those of these that the model can copy
   */
  private record Tally(long pairs, LossTally loss, long words, long unknown, long copied)
      implements Serializable {

    static final Tally NOTHING = new Tally(0, LossTally.NONE, 0, 0, 0);

    Tally plus(Tally other) {
      return new Tally(
          pairs + other.pairs,
          loss.plus(other.loss),
          words + other.words,
          unknown + other.unknown,
          copied + other.copied);
    }
  }

  private final Path bundle;
  private final int batch;
  private final Configuration configuration;

  /**
   * @param bundle directory of the model, which all executors reach
   * @param batch pairs in a minibatch
   */
  public Evaluator(Path bundle, int batch, Configuration configuration) {
    this.bundle = bundle;
    this.batch = batch;
    this.configuration = configuration;
  }

  /**
   * Measures the model.
   *
   * @param pairs raw pairs, string columns prompt and story; none is dropped, but those whose
   *     prompt has no token cannot be scored and are counted as skipped
   * @throws UserException of data if the model cannot be used or no pair can be scored
   */
  public Evaluation evaluate(Dataset<Row> pairs) {
    BundleReference reference = BundleReference.of(bundle, configuration);
    try (JobDescription described =
        JobDescription.of(
            pairs.sparkSession().sparkContext(),
            "score the pairs with model " + reference.version())) {
      JavaRDD<ReferencePair> all =
          pairs
              .select(PairColumns.PROMPT, PairColumns.STORY)
              .javaRDD()
              .mapPartitions(rows -> read(rows, reference))
              .setName("pairs to score")
              .persist(StorageLevel.MEMORY_AND_DISK());
      try {
        return evaluation(all, reference);
      } finally {
        Unpersist.of(all);
      }
    }
  }

  private Evaluation evaluation(JavaRDD<ReferencePair> all, BundleReference reference) {
    JavaRDD<ReferencePair> scored = all.filter(pair -> pair.prompt().length > 0);
    int minibatch = batch;
    Tally sum =
        scored.mapPartitions(partition -> score(partition, reference, minibatch)).collect().stream()
            .reduce(Tally.NOTHING, Tally::plus);
    if (sum.pairs() == 0) {
      throw UserException.data("no pair can be scored: there is no prompt with a token");
    }
    long types = scored.flatMap(pair -> pair.unknown().iterator()).distinct().count();
    return new Evaluation(
        reference.version(),
        sum.pairs(),
        all.count() - sum.pairs(),
        sum.loss(),
        sum.words(),
        sum.unknown(),
        types,
        sum.copied());
  }

  private static Iterator<ReferencePair> read(Iterator<Row> rows, BundleReference reference) {
    ReferencePair.Reader reader = reference.with(ReferencePair.Reader::new);
    List<ReferencePair> pairs = new ArrayList<>();
    rows.forEachRemaining(row -> pairs.add(reader.read(row.getString(0), row.getString(1))));
    return pairs.iterator();
  }

  private static Iterator<Tally> score(
      Iterator<ReferencePair> partition, BundleReference reference, int batch) {
    NativeThreads.set(Math.max(1, TaskContext.get().cpus()));
    List<ReferencePair> pairs = new ArrayList<>();
    partition.forEachRemaining(pairs::add);
    if (pairs.isEmpty()) {
      return Collections.emptyIterator();
    }
    try (BundleScorer scorer = reference.with(BundleScorer::new)) {
      LossTally loss = scorer.score(pairs, batch);
      long words = pairs.stream().mapToLong(ReferencePair::words).sum();
      long unknown = pairs.stream().mapToLong(pair -> pair.unknown().size()).sum();
      long copied = pairs.stream().mapToLong(ReferencePair::copied).sum();
      return Collections.singleton(new Tally(pairs.size(), loss, words, unknown, copied))
          .iterator();
    }
  }
}
