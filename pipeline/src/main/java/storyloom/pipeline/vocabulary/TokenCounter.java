package storyloom.pipeline.vocabulary;

import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Adds up the tokens of a partition as they come, and hands on the counts whenever it holds too
 * many different tokens: nearly all the work of counting for little memory. A token may be handed
 * on more than once.
 */
final class TokenCounter implements Iterator<Row> {

  static final String TOKEN = "token";
  static final String COUNT = "count";

  /** Of the rows that are handed on. */
  static final StructType SCHEMA =
      new StructType().add(TOKEN, DataTypes.StringType).add(COUNT, DataTypes.LongType);

  /** Different tokens held at a time; a language's common words are far fewer. */
  private static final int MOST = 1 << 16;

  private final Iterator<? extends Iterable<String>> texts;
  private Iterator<Map.Entry<String, Long>> counted = Collections.emptyIterator();

  /**
   * @param texts the tokens of one text after another
   */
  TokenCounter(Iterator<? extends Iterable<String>> texts) {
    this.texts = texts;
  }

  @Override
  public boolean hasNext() {
    return counted.hasNext() || (texts.hasNext() && count());
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException("no counts are left");
    }
    Map.Entry<String, Long> next = counted.next();
    return RowFactory.create(next.getKey(), next.getValue());
  }

  private boolean count() {
    Map<String, Long> counts = new HashMap<>();
    while (texts.hasNext() && counts.size() < MOST) {
      texts.next().forEach(token -> counts.merge(token, 1L, Long::sum));
    }
    counted = counts.entrySet().iterator();
    return counted.hasNext();
  }
}
