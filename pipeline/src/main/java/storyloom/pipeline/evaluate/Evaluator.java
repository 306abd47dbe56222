package storyloom.pipeline.evaluate;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiFunction;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;
import storyloom.model.UserException;
import storyloom.model.eval.BundleScorer;
import storyloom.model.eval.Evaluation;
import storyloom.model.eval.ReferencePair;
import storyloom.model.files.Sha256;
import storyloom.model.nn.kernel.NativeThreads;
import storyloom.model.nn.loss.LossTally;
import storyloom.pipeline.JobDescription;
import storyloom.pipeline.Unpersist;
import storyloom.pipeline.corpus.read.PairColumns;

/** Scores pairs with a model, each partition in a task; sums are taken in partition order. */
public final class Evaluator {

  /**
   * What one pair, a task, or several add up to.
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

    static Tally of(ReferencePair pair, LossTally loss) {
      return new Tally(1, loss, pair.words(), pair.unknown().size(), pair.copied());
    }

    Tally plus(Tally other) {
      return new Tally(
          pairs + other.pairs,
          loss.plus(other.loss),
          words + other.words,
          unknown + other.unknown,
          copied + other.copied);
    }
  }

  /**
   * A pair by itself.
   *
   * @param key hash of its raw texts, the same whatever the model
   * @param loss of its target tokens; none where it cannot be scored
   * @param words of its story, and one for the end
   * @param spelled target tokens that the vocabulary lacks and the model cannot copy
   */
  public record PairScore(long key, LossTally loss, long words, long spelled)
      implements Serializable {}

  /**
   * What a model's scores add up to, and each of them.
   *
   * @param pairs of all pairs, by their keys: in the same order for any model
   */
  public record Scores(Evaluation evaluation, List<PairScore> pairs) {

    public Scores {
      pairs = List.copyOf(pairs);
    }
  }

  /**
   * A pair as the model reads it.
   *
   * @param key as in {@link PairScore}
   */
  private record KeyedPair(long key, ReferencePair pair) implements Serializable {}

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
    return read(
        pairs,
        (all, reference) -> {
          int minibatch = batch;
          Tally sum =
              all
                  .map(KeyedPair::pair)
                  .filter(Evaluator::isScored)
                  .mapPartitions(partition -> score(partition, reference, minibatch))
                  .collect()
                  .stream()
                  .reduce(Tally.NOTHING, Tally::plus);
          return evaluation(all, reference, sum);
        });
  }

  /**
   * As {@link #evaluate}, with the score of each pair; they come to the driver, some 60 bytes each.
   *
   * @param pairs as there
   * @throws UserException as there
   */
  public Scores evaluateEach(Dataset<Row> pairs) {
    return read(
        pairs,
        (all, reference) -> {
          int minibatch = batch;
          List<Tuple2<Long, Tally>> scored =
              all
                  .mapPartitions(partition -> scoreEach(partition, reference, minibatch))
                  .collect()
                  .stream()
                  .sorted(Comparator.comparing((Tuple2<Long, Tally> each) -> each._1()))
                  .toList();
          Tally sum = scored.stream().map(Tuple2::_2).reduce(Tally.NOTHING, Tally::plus);
          return new Scores(
              evaluation(all, reference, sum),
              scored.stream()
                  .map(
                      each ->
                          new PairScore(
                              each._1(),
                              each._2().loss(),
                              each._2().words(),
                              each._2().unknown() - each._2().copied()))
                  .toList());
        });
  }

  private <T> T read(
      Dataset<Row> pairs, BiFunction<JavaRDD<KeyedPair>, BundleReference, T> evaluation) {
    BundleReference reference = BundleReference.of(bundle, configuration);
    try (JobDescription described =
        JobDescription.of(
            pairs.sparkSession().sparkContext(),
            "score the pairs with model " + reference.version())) {
      JavaRDD<KeyedPair> all =
          pairs
              .select(PairColumns.PROMPT, PairColumns.STORY)
              .javaRDD()
              .mapPartitions(rows -> read(rows, reference))
              .setName("pairs to score")
              .persist(StorageLevel.MEMORY_AND_DISK());
      try {
        return evaluation.apply(all, reference);
      } finally {
        Unpersist.of(all);
      }
    }
  }

  private static Evaluation evaluation(
      JavaRDD<KeyedPair> all, BundleReference reference, Tally sum) {
    if (sum.pairs() == 0) {
      throw UserException.data("no pair can be scored: there is no prompt with a token");
    }
    long types =
        all.map(KeyedPair::pair)
            .filter(Evaluator::isScored)
            .flatMap(pair -> pair.unknown().iterator())
            .distinct()
            .count();
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

  private static boolean isScored(ReferencePair pair) {
    return pair.prompt().length > 0;
  }

  private static Iterator<KeyedPair> read(Iterator<Row> rows, BundleReference reference) {
    ReferencePair.Reader reader = reference.with(ReferencePair.Reader::new);
    List<KeyedPair> pairs = new ArrayList<>();
    rows.forEachRemaining(
        row ->
            pairs.add(
                new KeyedPair(
                    key(row.getString(0), row.getString(1)),
                    reader.read(row.getString(0), row.getString(1)))));
    return pairs.iterator();
  }

  private static long key(String prompt, String story) {
    return ByteBuffer.wrap(Sha256.of(prompt + "\n" + story)).getLong();
  }

  private static Iterator<Tally> score(
      Iterator<ReferencePair> partition, BundleReference reference, int batch) {
    List<ReferencePair> pairs = new ArrayList<>();
    partition.forEachRemaining(pairs::add);
    if (pairs.isEmpty()) {
      return Collections.emptyIterator();
    }
    try (BundleScorer scorer = scorer(reference)) {
      LossTally loss = scorer.score(pairs, batch);
      Tally words =
          pairs.stream()
              .map(pair -> Tally.of(pair, LossTally.NONE))
              .reduce(new Tally(0, loss, 0, 0, 0), Tally::plus);
      return Collections.singleton(words).iterator();
    }
  }

  private static Iterator<Tuple2<Long, Tally>> scoreEach(
      Iterator<KeyedPair> partition, BundleReference reference, int batch) {
    List<KeyedPair> pairs = new ArrayList<>();
    partition.forEachRemaining(pairs::add);
    List<ReferencePair> scored =
        pairs.stream().map(KeyedPair::pair).filter(Evaluator::isScored).toList();
    Iterator<LossTally> losses = Collections.emptyIterator();
    if (!scored.isEmpty()) {
      try (BundleScorer scorer = scorer(reference)) {
        losses = scorer.scoreEach(scored, batch).iterator();
      }
    }
    List<Tuple2<Long, Tally>> tallies = new ArrayList<>();
    for (KeyedPair each : pairs) {
      tallies.add(
          new Tuple2<>(
              each.key(),
              isScored(each.pair()) ? Tally.of(each.pair(), losses.next()) : Tally.NOTHING));
    }
    return tallies.iterator();
  }

  private static BundleScorer scorer(BundleReference reference) {
    NativeThreads.set(Math.max(1, TaskContext.get().cpus()));
    return reference.with(BundleScorer::new);
  }
}
