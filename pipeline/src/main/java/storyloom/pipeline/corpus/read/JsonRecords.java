package storyloom.pipeline.corpus.read;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PushbackReader;
import java.io.Reader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import storyloom.model.UserException;

/**
 * The JSON values of files: their lines, or, where a file begins with an array, whatever values
 * follow each other in it, of arrays the elements.
 *
 * @param records each as a line; the number is that of the value where values are not lines
 * @param unit what the numbers count: line or value
 * @param partitions over which the records had better be spread for work on them
 */
record JsonRecords(JavaRDD<LineFiles.Line> records, String unit, int partitions) {

  /**
   * Opens files.
   *
   * @param encoding the character set, in which the byte of {@code \n} means nothing else
   * @param overLines whether a value may take several lines in any case
   */
  static JsonRecords open(
      JavaSparkContext spark, List<FileStatus> files, String encoding, boolean overLines) {
    SerializableConfiguration configuration =
        new SerializableConfiguration(spark.hadoopConfiguration());
    JavaRDD<String> paths =
        spark.parallelize(
            files.stream().map(file -> file.getPath().toString()).toList(), files.size());
    boolean values =
        overLines
            || !paths
                .filter(
                    path ->
                        CorpusFiles.beginning(new Path(path), configuration.value())
                            .startsWith("["))
                .isEmpty();
    if (values) {
      return new JsonRecords(
          paths.mapPartitions(
              each -> new Values(new Path(each.next()), configuration.value(), encoding)),
          "value",
          Math.max(files.size(), CorpusFiles.partitions(spark, files)));
    }
    LineFiles lines = LineFiles.open(spark, files, encoding);
    return new JsonRecords(
        lines.lines().filter(line -> !line.text().isBlank()), "line", lines.partitions());
  }

  /** The values of one file, of which one at a time is in memory. */
  private static final class Values implements Iterator<LineFiles.Line> {

    private static final JsonFactory JSON = new JsonFactory();
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final Path file;
    private final String encoding;
    private final JsonParser parser;
    private long number;

    /** Whether the parser stands at a value that is not given out yet. */
    private boolean ready;

    Values(Path file, Configuration configuration, String encoding) throws IOException {
      this.file = file;
      this.encoding = encoding;
      this.parser =
          JSON.createParser(
              withoutMark(
                  new InputStreamReader(
                      CorpusFiles.open(file, configuration),
                      Charset.forName(encoding).newDecoder())));
      TaskContext.get()
          .addTaskCompletionListener(
              done -> {
                try {
                  parser.close();
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }

    /** The same text but for a byte order mark. */
    private static Reader withoutMark(Reader text) throws IOException {
      PushbackReader reader = new PushbackReader(text);
      int first = reader.read();
      if (first >= 0 && first != BYTE_ORDER_MARK) {
        reader.unread(first);
      }
      return reader;
    }

    @Override
    public boolean hasNext() {
      try {
        while (!ready && !parser.isClosed()) {
          JsonToken token = parser.nextToken();
          boolean ofOuterArray =
              parser.getParsingContext().getParent() != null
                  ? token == JsonToken.START_ARRAY
                      && parser.getParsingContext().getParent().inRoot()
                  : token == JsonToken.END_ARRAY;
          ready = token != null && !ofOuterArray;
        }
        return ready;
      } catch (IOException damaged) {
        throw damage(damaged);
      }
    }

    @Override
    public LineFiles.Line next() {
      if (!hasNext()) {
        throw new NoSuchElementException("no value is left");
      }
      ready = false;
      StringWriter text = new StringWriter();
      try (JsonGenerator copy = JSON.createGenerator(text)) {
        int depth = 0;
        while (true) {
          copy.copyCurrentEventExact(parser);
          JsonToken token = parser.currentToken();
          depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
          if (depth == 0) {
            break;
          }
          parser.nextToken();
        }
      } catch (IOException damaged) {
        throw damage(damaged);
      }
      return new LineFiles.Line(CorpusFiles.shortName(file), ++number, text.toString(), true);
    }

    private RuntimeException damage(IOException damaged) {
      String place = "%s is no JSON behind value %d".formatted(file, number);
      if (damaged instanceof JsonProcessingException syntax) {
        String what = syntax.getOriginalMessage().lines().findFirst().orElse("it ends");
        int line = syntax.getLocation().getLineNr();
        return UserException.data("%s, in line %d: %s".formatted(place, line, what), damaged);
      }
      return damaged instanceof CharacterCodingException
          ? UserException.data("%s: it is not %s".formatted(place, encoding), damaged)
          : new UncheckedIOException(damaged);
    }
  }
}
