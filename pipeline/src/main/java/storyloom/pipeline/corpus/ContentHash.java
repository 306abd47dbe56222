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

  /** Adds up the digests of a table of {@link PairCleaning} on the executors. */
  static ContentHash of(Dataset<Row> pairs) {
    return pairs
        .select(PairCleaning.PAIR)
        .javaRDD()
        .map(row -> new ContentHash(1, new BigInteger(1, row.<byte[]>getAs(0))))
        .fold(NOTHING, ContentHash::plus);
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
