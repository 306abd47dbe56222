package storyloom.pipeline.corpus;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.util.ReflectionUtils;
import storyloom.pipeline.LocalSpark;
import storyloom.pipeline.corpus.read.CorpusReader;
import storyloom.pipeline.corpus.read.RawCorpus;
import storyloom.pipeline.corpus.read.Split;

/** A folder of corpus files for tests, and what is read from it. */
public final class CorpusFolder implements AutoCloseable {

  private static final String SPLIT_SIZE = "mapreduce.input.fileinputformat.split.maxsize";

  private final Path path;

  public CorpusFolder(Path path) {
    this.path = path;
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  /** Lets files be read in splits of so many bytes, until closed. */
  public void splitInto(int bytes) {
    hadoop().setInt(SPLIT_SIZE, bytes);
  }

  public void write(String file, String text) throws IOException {
    Files.createDirectories(path.resolve(file).getParent());
    Files.writeString(path.resolve(file), text);
  }

  void compressed(String file, Class<? extends CompressionCodec> codec, String text)
      throws IOException {
    try (OutputStream out =
        ReflectionUtils.newInstance(codec, hadoop())
            .createOutputStream(Files.newOutputStream(path.resolve(file)))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  static String lines(int count, IntFunction<String> line) {
    return String.join("\n", IntStream.range(0, count).mapToObj(line).toList());
  }

  RawCorpus read(String format) {
    return CorpusReader.read(LocalSpark.session(), path.toString(), format);
  }

  /** The training pairs, as {@link Pairs#in} writes them. */
  List<String> train(String format) {
    return trainAt(path.toString(), format);
  }

  /** The training pairs of a corpus elsewhere. */
  public static List<String> trainAt(String path, String format) {
    return Pairs.in(
        CorpusReader.read(LocalSpark.session(), path, format).splits().get(Split.TRAIN));
  }

  /** Each training pair with its file and line. */
  public static List<String> places(String path) {
    return texts(path, "true", "concat(prompt, '|', story, ' ', file, ' ', line)");
  }

  /** File, line and fault of each training pair that has one. */
  List<String> faults() {
    return texts(
        path.toString(),
        "fault is not null",
        "concat(substring_index(file, '/', -1), ':', line, ' ', fault)");
  }

  private static List<String> texts(String path, String condition, String expression) {
    return CorpusReader.read(LocalSpark.session(), path, "auto")
        .splits()
        .get(Split.TRAIN)
        .filter(condition)
        .selectExpr(expression)
        .collectAsList()
        .stream()
        .map(row -> row.getString(0))
        .sorted()
        .toList();
  }

  private static Configuration hadoop() {
    return LocalSpark.context().hadoopConfiguration();
  }

  @Override
  public void close() {
    hadoop().unset(SPLIT_SIZE);
  }
}
