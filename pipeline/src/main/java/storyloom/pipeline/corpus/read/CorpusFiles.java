package storyloom.pipeline.corpus.read;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.spark.api.java.JavaSparkContext;
import storyloom.model.UserException;
import storyloom.model.files.HadoopFiles;

/** The files at a path that is read as one: which they are, what they are called, how large. */
final class CorpusFiles {

  private static final Pattern WILDCARD = Pattern.compile("[\\[\\]{}*?\\\\]");

  /** Text of one partition, which a task can sort in a small heap. Unit: bytes. */
  private static final long PARTITION_BYTES = 64L << 20;

  /** How much longer text is than its compressed file, by rule of thumb. */
  private static final long EXPANSION = 4;

  /** What is looked into of a file to tell its format. Unit: bytes. */
  private static final int BEGINNING = 4096;

  private static final long MOST_PARTITIONS = 100_000;

  private CorpusFiles() {}

  /** The file itself, or what a folder and its folders hold, marks such as _SUCCESS left out. */
  static List<FileStatus> at(Path path, FileSystem files) throws IOException {
    FileStatus status = files.getFileStatus(path);
    if (status.isFile()) {
      return List.of(status);
    }
    List<FileStatus> inside = new ArrayList<>();
    for (FileStatus each : files.listStatus(path)) {
      char initial = each.getPath().getName().charAt(0);
      if (initial != '_' && initial != '.') {
        inside.addAll(at(each.getPath(), files));
      }
    }
    return inside;
  }

  /** As {@link #at(Path, FileSystem)}, on the file system that the path names. */
  static List<FileStatus> at(Path path, Configuration configuration) throws IOException {
    return at(path, HadoopFiles.shared(path, configuration));
  }

  /** The files at all paths that a pattern matches, ordered by their paths. */
  static List<FileStatus> matching(Path pattern, Configuration configuration) throws IOException {
    FileSystem files = HadoopFiles.shared(pattern, configuration);
    FileStatus[] matches = files.globStatus(pattern);
    List<FileStatus> found = new ArrayList<>();
    if (matches != null) {
      for (FileStatus each : matches) {
        found.addAll(at(each.getPath(), files));
      }
    }
    found.sort(Comparator.comparing(file -> file.getPath().toString()));
    return found;
  }

  /**
   * The name of a folder below a path, if there is one, that stands for a column and its value:
   * {@code language=en}.
   *
   * @param files those that the path matches
   */
  static Optional<String> columnInNames(
      Path pattern, List<FileStatus> files, Configuration configuration) throws IOException {
    int depth = pattern.getFileSystem(configuration).makeQualified(pattern).depth();
    return files.stream()
        .map(file -> file.getPath().getParent())
        .distinct()
        .flatMap(
            folder ->
                Stream.iterate(
                    folder, each -> each != null && each.depth() > depth, Path::getParent))
        .map(Path::getName)
        .filter(name -> name.contains("="))
        .findFirst();
  }

  /**
   * The files at all paths that a pattern matches, for readers that do not know columns in names.
   *
   * @throws UserException of data if a folder's name stands for a column
   */
  static List<FileStatus> withoutColumnsInNames(Path pattern, Configuration configuration)
      throws IOException {
    List<FileStatus> files = matching(pattern, configuration);
    columnInNames(pattern, files, configuration)
        .ifPresent(
            folder -> {
              throw UserException.data(
                  "%s has a column in the names of its folders, such as %s, which only Parquet, ORC and Avro are read with: write one of them, or take one folder"
                      .formatted(pattern, folder));
            });
    return files;
  }

  /** Opens a file; a compression that its name tells of is undone. */
  static InputStream open(Path file, Configuration configuration) throws IOException {
    InputStream bytes = file.getFileSystem(configuration).open(file);
    CompressionCodec codec = new CompressionCodecFactory(configuration).getCodec(file);
    return codec == null ? bytes : codec.createInputStream(bytes);
  }

  /** The first characters of a file, byte order mark and white space left out. */
  static String beginning(Path file, Configuration configuration) throws IOException {
    try (InputStream in = open(file, configuration)) {
      return new String(in.readNBytes(BEGINNING), StandardCharsets.UTF_8)
          .replaceFirst("^\uFEFF?\\s*", "");
    }
  }

  /**
   * A pattern that only this path matches, for readers that take every path for a pattern, such as
   * Hadoop's and Spark's.
   */
  static Path exactly(Path path) {
    return new Path(WILDCARD.matcher(path.toString()).replaceAll("\\\\$0"));
  }

  /** The last two parts of a path, which tell the files of a corpus apart in reports. */
  static String shortName(Path file) {
    Path folder = file.getParent();
    return folder == null || folder.getName().isEmpty()
        ? file.getName()
        : folder.getName() + "/" + file.getName();
  }

  /**
   * Over how many partitions the text of files had better be spread: at least as many as tasks run
   * at a time, and so many that none is large.
   */
  static int partitions(JavaSparkContext spark, Collection<FileStatus> files) {
    CompressionCodecFactory codecs = new CompressionCodecFactory(spark.hadoopConfiguration());
    long bytes = 0;
    for (FileStatus file : files) {
      boolean compressed =
          codecs.getCodec(file.getPath()) != null
              || file.getPath().getName().endsWith(DataFormat.PARQUET.endings().get(0));
      bytes += file.getLen() * (compressed ? EXPANSION : 1);
    }
    return (int)
        Math.max(
            spark.defaultParallelism(), Math.min(bytes / PARTITION_BYTES + 1, MOST_PARTITIONS));
  }
}
