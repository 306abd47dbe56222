package storyloom.pipeline.corpus.read;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.LongWritable;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.mapreduce.InputSplit;
import org.apache.hadoop.mapreduce.lib.input.FileInputFormat;
import org.apache.hadoop.mapreduce.lib.input.FileSplit;
import org.apache.hadoop.mapreduce.lib.input.TextInputFormat;
import org.apache.hadoop.util.StringUtils;
import org.apache.spark.api.java.JavaNewHadoopRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import scala.Tuple2;
import storyloom.pipeline.JobDescription;

/**
 * The lines of text files, compressed or not, each with its file and number.
 *
 * <p>A line ends with {@code \n} or {@code \r\n} and with nothing else; a byte order mark at the
 * start of a file is no text. Opening counts the lines of each split, which is one pass over the
 * files; numbers then follow without any text passing through the driver.
 */
final class LineFiles {

  /** Hadoop's setting of what ends a line. */
  private static final String DELIMITER = "textinputformat.record.delimiter";

  private final JavaNewHadoopRDD<LongWritable, Text> records;
  private final List<SplitLines> splits;
  private final int partitions;
  private final String encoding;

  /**
   * Bytes that were read as UTF-8.
   *
   * @param text what they say; what is not UTF-8 stands there as U+FFFD
   * @param valid whether all of them are UTF-8
   */
  record Utf8(String text, boolean valid) {

    private static final char REPLACEMENT = '\uFFFD';

    /** Decodes the first {@code length} bytes. */
    static Utf8 of(byte[] bytes, int length) {
      String text = new String(bytes, 0, length, StandardCharsets.UTF_8);
      return new Utf8(
          text, text.indexOf(REPLACEMENT) < 0 || isValid(ByteBuffer.wrap(bytes, 0, length)));
    }

    /** The slow way, for text that may hold a U+FFFD of its own. */
    private static boolean isValid(ByteBuffer bytes) {
      try {
        StandardCharsets.UTF_8.newDecoder().decode(bytes);
        return true;
      } catch (CharacterCodingException malformed) {
        return false;
      }
    }
  }

  /** How many lines of a file a split has. */
  private record SplitLines(String path, long lines) implements Serializable {}

  /** A line while its number is not known; the text is good until the next one is read. */
  private record Piece(String file, Text line) {}

  /**
   * A line of a file.
   *
   * @param file short name of the file
   * @param number of the line in it, from 1 on
   * @param text without the line's end; what is not in the file's encoding stands there as U+FFFD
   * @param valid whether all of it is in that encoding
   */
  record Line(String file, long number, String text, boolean valid) {

    /** The line that Hadoop read up to {@code \n}. */
    private static Line of(String file, long number, Text line, Charset encoding) {
      byte[] bytes = line.getBytes();
      int length = line.getLength();
      if (length > 0 && bytes[length - 1] == '\r') {
        length--;
      }
      if (encoding.equals(StandardCharsets.UTF_8)) {
        Utf8 utf8 = Utf8.of(bytes, length);
        return new Line(file, number, utf8.text(), utf8.valid());
      }
      String text = new String(bytes, 0, length, encoding);
      return new Line(file, number, text, text.indexOf(Utf8.REPLACEMENT) < 0);
    }
  }

  private LineFiles(
      JavaNewHadoopRDD<LongWritable, Text> records,
      List<SplitLines> splits,
      int partitions,
      String encoding) {
    this.records = records;
    this.splits = splits;
    this.partitions = partitions;
    this.encoding = encoding;
  }

  /**
   * Opens files of UTF-8, each of which is read by as many tasks as its file system has it in
   * blocks.
   */
  static LineFiles open(JavaSparkContext spark, List<FileStatus> files) {
    return open(spark, files, StandardCharsets.UTF_8.name());
  }

  /**
   * Opens files in the same way.
   *
   * @param encoding a character set in which the byte of {@code \n} means nothing else
   */
  static LineFiles open(JavaSparkContext spark, List<FileStatus> files, String encoding) {
    return open(spark, files, encoding, new Configuration(spark.hadoopConfiguration()));
  }

  /** Opens files, each of which is read by one task from its first line to its last. */
  static LineFiles openWhole(JavaSparkContext spark, List<FileStatus> files, String encoding) {
    Configuration configuration = new Configuration(spark.hadoopConfiguration());
    configuration.setLong(FileInputFormat.SPLIT_MINSIZE, Long.MAX_VALUE);
    return open(spark, files, encoding, configuration);
  }

  private static LineFiles open(
      JavaSparkContext spark,
      List<FileStatus> files,
      String encoding,
      Configuration configuration) {
    configuration.set(DELIMITER, "\n");
    configuration.set(
        FileInputFormat.INPUT_DIR,
        files.stream()
            .map(file -> StringUtils.escapeString(CorpusFiles.exactly(file.getPath()).toString()))
            .collect(Collectors.joining(",")));
    JavaNewHadoopRDD<LongWritable, Text> records =
        (JavaNewHadoopRDD<LongWritable, Text>)
            spark.newAPIHadoopRDD(
                configuration, TextInputFormat.class, LongWritable.class, Text.class);
    String names =
        files.stream().map(file -> file.getPath().getName()).collect(Collectors.joining(", "));
    try (JobDescription described = JobDescription.of(spark, "count the lines of " + names)) {
      List<SplitLines> splits =
          records.mapPartitionsWithInputSplit(LineFiles::count, true).collect();
      return new LineFiles(records, splits, CorpusFiles.partitions(spark, files), encoding);
    }
  }

  private static Iterator<SplitLines> count(
      InputSplit split, Iterator<Tuple2<LongWritable, Text>> records) {
    long count = 0;
    while (records.hasNext()) {
      records.next();
      count++;
    }
    return List.of(new SplitLines(path(split).toString(), count)).iterator();
  }

  private static Path path(InputSplit split) {
    return ((FileSplit) split).getPath();
  }

  /** Number of lines of all files. */
  long count() {
    return splits.stream().mapToLong(SplitLines::lines).sum();
  }

  /** Partitions over which the lines had better be spread for work on them. */
  int partitions() {
    return Math.max(partitions, splits.size());
  }

  /** The lines, a partition for each split. */
  JavaRDD<Line> lines() {
    long[] first = firstNumbers();
    String charset = encoding;
    return records
        .mapPartitionsWithInputSplit(LineFiles::pieces, true)
        .mapPartitionsWithIndex(
            (split, pieces) -> new Numbering(first[split], pieces, Charset.forName(charset)), true);
  }

  private static Iterator<Piece> pieces(
      InputSplit split, Iterator<Tuple2<LongWritable, Text>> records) {
    String file = CorpusFiles.shortName(path(split));
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return records.hasNext();
      }

      @Override
      public Piece next() {
        return new Piece(file, records.next()._2());
      }
    };
  }

  /** The number of each split's first line, from 1 on in each file; splits stand in order. */
  private long[] firstNumbers() {
    long[] first = new long[splits.size()];
    String path = "";
    long next = 1;
    for (int split = 0; split < first.length; split++) {
      SplitLines each = splits.get(split);
      next = each.path().equals(path) ? next : 1;
      path = each.path();
      first[split] = next;
      next += each.lines();
    }
    return first;
  }

  /** Numbers the lines of a split as they come. */
  private static final class Numbering implements Iterator<Line> {
    private final Iterator<Piece> pieces;
    private final Charset encoding;
    private long next;

    Numbering(long first, Iterator<Piece> pieces, Charset encoding) {
      this.next = first;
      this.pieces = pieces;
      this.encoding = encoding;
    }

    @Override
    public boolean hasNext() {
      return pieces.hasNext();
    }

    @Override
    public Line next() {
      Piece piece = pieces.next();
      return Line.of(piece.file(), next++, piece.line(), encoding);
    }
  }
}
