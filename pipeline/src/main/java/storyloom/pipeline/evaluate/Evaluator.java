package storyloom.pipeline.evaluate;

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
    BundleBroadcast use = BundleBroadcast.of(bundle, configuration);
    try (JobDescription described =
        JobDescription.of(
            pairs.sparkSession().sparkContext(), "score the pairs with model " + use.version())) {
      JavaRDD<ReferencePair> all =
          pairs
              .select(PairColumns.PROMPT, PairColumns.STORY)
              .javaRDD()
              .mapPartitions(rows -> read(rows, use))
              .setName("pairs to score")
              .persist(StorageLevel.MEMORY_AND_DISK());
      try {
        return evaluation(all, use);
      } finally {
        Unpersist.of(all);
      }
    }
  }

  private Evaluation evaluation(JavaRDD<ReferencePair> all, BundleBroadcast use) {
    JavaRDD<ReferencePair> scored = all.filter(pair -> pair.prompt().length > 0);
    int minibatch = batch;
    EvaluationTally sum =
        scored.mapPartitions(part -> score(part, use, minibatch)).collect().stream()
            .reduce(EvaluationTally.NOTHING, EvaluationTally::plus);
    if (sum.pairs() == 0) {
      throw UserException.data("no pair can be scored: there is no prompt with a token");
    }
    long types = scored.flatMap(pair -> pair.unknown().iterator()).distinct().count();
    return new Evaluation(
        use.version(),
        sum.pairs(),
        all.count() - sum.pairs(),
        sum.tally(),
        sum.words(),
        sum.unknown(),
        types);
  }

  private static Iterator<ReferencePair> read(Iterator<Row> rows, BundleBroadcast use) {
    ReferencePair.Reader reader = use.with(ReferencePair.Reader::new);
    List<ReferencePair> pairs = new ArrayList<>();
    rows.forEachRemaining(row -> pairs.add(reader.read(row.getString(0), row.getString(1))));
    return pairs.iterator();
  }

  private static Iterator<EvaluationTally> score(
      Iterator<ReferencePair> part, BundleBroadcast use, int batch) {
    NativeThreads.set(Math.max(1, TaskContext.get().cpus()));
    List<ReferencePair> pairs = new ArrayList<>();
    part.forEachRemaining(pairs::add);
    if (pairs.isEmpty()) {
      return Collections.emptyIterator();
    }
    try (BundleScorer scorer = use.with(BundleScorer::new)) {
      LossTally tally = scorer.score(pairs, batch);
      long words = pairs.stream().mapToLong(ReferencePair::words).sum();
      long unknown = pairs.stream().mapToLong(pair -> pair.unknown().size()).sum();
      return Collections.singleton(new EvaluationTally(pairs.size(), tally, words, unknown))
          .iterator();
    }
  }
}
