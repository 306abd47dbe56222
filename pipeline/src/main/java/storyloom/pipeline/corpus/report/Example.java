package storyloom.pipeline.corpus.report;

import java.io.Serializable;
import java.util.Comparator;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * A pair that a rule changed or dropped, in excerpts of one line each; or one that is shown whole.
 *
 * @param rule name of the rule; {@value #SAMPLE} for a pair that is shown whole, {@link #sampleOf}
 *     for one that is shown because of a rule
 * @param rank what examples are chosen by, the least first: a hash of the pair
 * @param file short name of the file
 * @param line in it, or row of a Parquet file, from 1 on
 * @param text what is shown: prompt, story or pair
 * @param before around what the rule changed, or what it dropped; or a raw prompt and story
 * @param after what became of it; empty if it was dropped
 */
public record Example(
    String rule, long rank, String file, long line, String text, String before, String after)
    implements Comparable<Example>, Serializable {

  /** In place of a rule's name, for pairs that are shown whole, whatever was done to them. */
  public static final String SAMPLE = "sample";

  private static final String SAMPLE_OF = SAMPLE + " of ";

  /** The columns of a table of examples, in the order of the fields. */
  public static final StructType SCHEMA =
      new StructType()
          .add("rule", DataTypes.StringType)
          .add("rank", DataTypes.LongType)
          .add("file", DataTypes.StringType)
          .add("line", DataTypes.LongType)
          .add("text", DataTypes.StringType)
          .add("before", DataTypes.StringType)
          .add("after", DataTypes.StringType);

  private static final Comparator<Example> ORDER =
      Comparator.comparingLong(Example::rank)
          .thenComparing(Example::text)
          .thenComparing(Example::before)
          .thenComparing(Example::after)
          .thenComparing(Example::file)
          .thenComparingLong(Example::line);

  /**
   * The pair that an example shows.
   *
   * @param rank as in {@link Example}
   * @param file short name of the file
   * @param line in it, or row of a Parquet file, from 1 on
   */
  public record Source(long rank, String file, long line) {

    /** The same pair with another rank. */
    public Source withRank(long other) {
      return new Source(other, file, line);
    }
  }

  /** In place of a rule's name, for pairs that are shown whole because the rule took text away. */
  public static String sampleOf(String rule) {
    return SAMPLE_OF + rule;
  }

  /** Whether the name stands for pairs of {@link #sampleOf}. */
  static boolean isSampleOfRule(String name) {
    return name.startsWith(SAMPLE_OF);
  }

  static Example of(String rule, Source source, String text, String before, String after) {
    return new Example(rule, source.rank(), source.file(), source.line(), text, before, after);
  }

  /** The example in a row of {@link #SCHEMA}. */
  public static Example of(Row row) {
    return new Example(
        row.getString(0),
        row.getLong(1),
        row.getString(2),
        row.getLong(3),
        row.getString(4),
        row.getString(5),
        row.getString(6));
  }

  Row row() {
    return RowFactory.create(rule, rank, file, line, text, before, after);
  }

  /** Whether a reader sees the same. */
  boolean looksLike(Example other) {
    return text.equals(other.text) && before.equals(other.before) && after.equals(other.after);
  }

  /** By rank; if the same pair stands several times, by its place. */
  @Override
  public int compareTo(Example other) {
    return ORDER.compare(this, other);
  }
}
