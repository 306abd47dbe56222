package storyloom.pipeline.corpus;

import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.LongWritable;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.mapreduce.lib.input.FileInputFormat;
import org.apache.hadoop.mapreduce.lib.input.TextInputFormat;
import org.apache.hadoop.util.StringUtils;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import scala.Tuple2;
import storyloom.pipeline.JobDescription;

/**
 * The lines of one UTF-8 file, compressed or not, read in parallel and numbered from 0.
 *
 * <p>A line ends with {@code \n} or {@code \r\n} and with nothing else; a byte order mark at the
 * start of the file is no text. Opening a file counts the lines of each of its splits, which is one
 * pass over the file; numbers then follow without any text passing through the driver.
 */
final class LineFile {

  /** The key by which Hadoop's reader of lines is told what ends a line. */
  private static final String DELIMITER = "textinputformat.record.delimiter";

  private final Path path;
  private final JavaRDD<String> lines;

  /** The number of the first line of each split, and last the number of lines. */
  private final long[] starts;

  private LineFile(Path path, JavaRDD<String> lines, long[] starts) {
    this.path = path;
    this.lines = lines;
    this.starts = starts;
  }

  /** Opens a file and counts its lines. */
  static LineFile open(JavaSparkContext spark, Path path) {
    Configuration configuration = new Configuration(spark.hadoopConfiguration());
    configuration.set(DELIMITER, "\n");
    configuration.set(
        FileInputFormat.INPUT_DIR, StringUtils.escapeString(ExactPath.of(path).toString()));
    JavaRDD<String> lines =
        spark
            .newAPIHadoopRDD(configuration, TextInputFormat.class, LongWritable.class, Text.class)
            .values()
            .map(LineFile::withoutCarriageReturn);
    try (JobDescription described = JobDescription.of(spark, "count the lines of " + path)) {
      return new LineFile(path, lines, starts(lines));
    }
  }

  Path path() {
    return path;
  }

  /** Number of lines. */
  long count() {
    return starts[starts.length - 1];
  }

  /** Number of splits in which the file is read. */
  int splits() {
    return lines.getNumPartitions();
  }

  /** Each line by its number. */
  JavaPairRDD<Long, String> numbered() {
    long[] first = starts;
    return lines
        .mapPartitionsWithIndex((split, texts) -> new Numbering(first[split], texts), true)
        .mapToPair(numbered -> numbered);
  }

  private static long[] starts(JavaRDD<String> lines) {
    List<Long> counts =
        lines
            .mapPartitionsWithIndex((split, texts) -> List.of(count(texts)).iterator(), true)
            .collect();
    long[] starts = new long[counts.size() + 1];
    for (int split = 0; split < counts.size(); split++) {
      starts[split + 1] = starts[split] + counts.get(split);
    }
    return starts;
  }

  private static long count(Iterator<String> texts) {
    long count = 0;
    while (texts.hasNext()) {
      texts.next();
      count++;
    }
    return count;
  }

  private static String withoutCarriageReturn(Text line) {
    int length = line.getLength();
    if (length > 0 && line.getBytes()[length - 1] == '\r') {
      length--;
    }
    return new String(line.getBytes(), 0, length, StandardCharsets.UTF_8);
  }

  /** Numbers the lines of a split as they come. */
  private static final class Numbering implements Iterator<Tuple2<Long, String>> {
    private final Iterator<String> texts;
    private long next;

    Numbering(long first, Iterator<String> texts) {
      this.next = first;
      this.texts = texts;
    }

    @Override
    public boolean hasNext() {
      return texts.hasNext();
    }

    @Override
    public Tuple2<Long, String> next() {
      return new Tuple2<>(next++, texts.next());
    }
  }
}
