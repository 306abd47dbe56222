package storyloom.pipeline.corpus.read;

import java.util.Collection;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.spark.api.java.JavaSparkContext;

/** Over how many partitions text had better be spread. */
final class Partitions {

  /** Text of one partition, which a task can sort in a small heap. Unit: bytes. */
  private static final long BYTES = 64L << 20;

  /** How much longer text is than its compressed file, by rule of thumb. */
  private static final long EXPANSION = 4;

  private static final long MOST = 100_000;

  private Partitions() {}

  /** At least as many partitions as tasks run at a time, and so many that none is large. */
  static int of(JavaSparkContext spark, Collection<FileStatus> files) {
    CompressionCodecFactory codecs = new CompressionCodecFactory(spark.hadoopConfiguration());
    long bytes = 0;
    for (FileStatus file : files) {
      boolean compressed =
          codecs.getCodec(file.getPath()) != null
              || file.getPath().getName().endsWith(CorpusFormat.PARQUET.endings().get(0));
      bytes += file.getLen() * (compressed ? EXPANSION : 1);
    }
    return (int) Math.max(spark.defaultParallelism(), Math.min(bytes / BYTES + 1, MOST));
  }
}
