package storyloom.pipeline.corpus;

import java.io.Serializable;
import java.math.BigInteger;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What a table of pairs holds, in short; equal for equal content in whatever order and partitions.
 *
 * @param pairs how many pairs
 * @param sum the sum of their SHA-256 digests modulo 2²⁵⁶
 */
record ContentHash(long pairs, BigInteger sum) implements Serializable {

  private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(256);
  private static final ContentHash NOTHING = new ContentHash(0, BigInteger.ZERO);

  /** Hashes a table of pairs on the executors. */
  static ContentHash of(Dataset<Row> pairs) {
    return pairs
        .select(PairColumns.PROMPT, PairColumns.STORY)
        .javaRDD()
        .map(row -> ofPair(row.getString(0), row.getString(1)))
        .fold(NOTHING, ContentHash::plus);
  }

  private static ContentHash ofPair(String prompt, String story) {
    return new ContentHash(1, new BigInteger(1, Digests.of(prompt, story)));
  }

  private ContentHash plus(ContentHash other) {
    return new ContentHash(pairs + other.pairs, sum.add(other.sum).mod(MODULUS));
  }

  /** Both numbers as text, the sum in hexadecimal. */
  @Override
  public String toString() {
    return pairs + " " + sum.toString(16);
  }
}
