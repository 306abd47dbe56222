package storyloom.pipeline.evaluate;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;
import storyloom.model.eval.Evaluation;
import storyloom.model.eval.ReferencePair;
import storyloom.model.nn.loss.LossTally;
import storyloom.model.text.token.TextSettings;
import storyloom.model.text.token.Vocabulary;
import storyloom.pipeline.JobDescription;
import storyloom.pipeline.Unpersist;
import storyloom.pipeline.corpus.read.PairColumns;

/**
 * What perplexity per word needs to know of a split besides a model's losses on it: the same for
 * all models of a vocabulary that copy, or do not.
 *
 * @param words of the stories that are scored, and one for the end of each
 * @param unknown their tokens that the vocabulary lacks
 * @param unknownTypes how many different ones there are of these
 * @param copied how many of the unknown ones the models can copy
 */
public record HeldOutWords(long words, long unknown, long unknownTypes, long copied) {

  /**
   * Counts the pairs that a training scores after each epoch: those with a token on either side.
   *
   * @param pairs cleaned, string columns prompt and story
   * @param copies whether the models copy
   */
  public static HeldOutWords count(
      Dataset<Row> pairs, TextSettings text, Vocabulary vocabulary, boolean copies) {
    JavaSparkContext context =
        JavaSparkContext.fromSparkContext(pairs.sparkSession().sparkContext());
    Broadcast<Vocabulary> sent = context.broadcast(vocabulary);
    try (JobDescription described = JobDescription.of(context, "count the held-out words")) {
      JavaRDD<ReferencePair> scored =
          pairs
              .select(PairColumns.PROMPT, PairColumns.STORY)
              .javaRDD()
              .mapPartitions(rows -> read(rows, text, sent, copies))
              .persist(StorageLevel.MEMORY_AND_DISK());
      try {
        long words = scored.map(pair -> (long) pair.words()).fold(0L, Long::sum);
        JavaRDD<String> unknown = scored.flatMap(pair -> pair.unknown().iterator());
        long copied = scored.map(pair -> (long) pair.copied()).fold(0L, Long::sum);
        return new HeldOutWords(words, unknown.count(), unknown.distinct().count(), copied);
      } finally {
        Unpersist.of(scored);
      }
    } finally {
      Unpersist.of(sent);
    }
  }

  private static Iterator<ReferencePair> read(
      Iterator<Row> rows, TextSettings text, Broadcast<Vocabulary> vocabulary, boolean copies) {
    ReferencePair.Reader reader = new ReferencePair.Reader(text, vocabulary.value(), copies);
    List<ReferencePair> pairs = new ArrayList<>();
    rows.forEachRemaining(
        row -> {
          ReferencePair pair = reader.read(row.getString(0), row.getString(1));
          if (pair.prompt().length > 0 && pair.story().length > 0) {
            pairs.add(pair);
          }
        });
    return pairs.iterator();
  }

  /** As {@link Evaluation#perplexityPerWord()}, of a model's losses on the split. */
  public double perplexity(LossTally losses) {
    return Evaluation.perplexityPerWord(losses, words, unknown - copied, unknownTypes);
  }
}
