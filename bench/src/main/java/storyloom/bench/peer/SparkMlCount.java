package storyloom.bench.peer;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;

import org.apache.spark.ml.feature.CountVectorizer;
import org.apache.spark.ml.feature.RegexTokenizer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import storyloom.model.settings.Settings;
import storyloom.pipeline.corpus.read.PairColumns;

/** The vocabulary of the same texts as Spark ML's own parts make it, under the same bounds. */
public final class SparkMlCount {

  private static final String TEXT = "text";
  private static final String TOKENS = "tokens";

  /** Words, with the apostrophes inside of them, and marks: the tokens that ours gives, nearly. */
  private static final String WORDS_AND_MARKS = "\\w+(?:'\\w+)*|[^\\w\\s]";

  private SparkMlCount() {}

  /**
   * Tokenises and counts.
   *
   * @param pairs string columns prompt and story
   * @return the tokens of the vocabulary
   */
  public static int vocabulary(Dataset<Row> pairs) {
    Settings settings = Settings.defaults();
    Dataset<Row> texts =
        pairs.select(explode(array(col(PairColumns.PROMPT), col(PairColumns.STORY))).alias(TEXT));
    Dataset<Row> tokens =
        new RegexTokenizer()
            .setInputCol(TEXT)
            .setOutputCol(TOKENS)
            .setGaps(false)
            .setPattern(WORDS_AND_MARKS)
            .transform(texts);
    return new CountVectorizer()
        .setInputCol(TOKENS)
        .setMinDF(settings.integer("text.min-count"))
        .setVocabSize(settings.integer("text.vocabulary"))
        .fit(tokens)
        .vocabulary()
        .length;
  }
}
