package storyloom.pipeline.corpus.read;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.spark.sql.SparkSession;
import storyloom.model.UserException;
import storyloom.model.files.HadoopFiles;

/**
 * Finds the files of a corpus.
 *
 * <p>The path may be a folder, a file or a pattern of either. In a folder, {@code train.*}, {@code
 * valid.*} and {@code test.*} count. A file that is named itself is the training split; if a
 * pattern finds several, those named after a split belong to it and the others to the training
 * split. Of a file of prompts or of stories the other half stands beside it.
 */
final class CorpusLocator {

  private final String corpus;
  private final Optional<DataFormat> wanted;
  private final Configuration configuration;
  private final CompressionCodecFactory codecs;

  /**
   * Where pairs stand.
   *
   * @param split what they are for
   * @param format how they are written
   * @param prompts the file of the prompts, or the name of a table of the catalog
   * @param stories the file of the stories; the same one unless the format keeps them apart
   */
  record Source(Split split, DataFormat format, Path prompts, Path stories) {

    /** All files of it. */
    List<FileStatus> files(Configuration configuration) throws IOException {
      if (format == DataFormat.TABLE) {
        return SparkTable.files(SparkSession.builder().getOrCreate(), prompts.toString());
      }
      List<FileStatus> files = new ArrayList<>(CorpusFiles.at(prompts, configuration));
      if (!stories.equals(prompts)) {
        files.addAll(CorpusFiles.at(stories, configuration));
      }
      return files;
    }
  }

  /**
   * A file that may belong to a corpus, read off its name; a compression's ending is passed over.
   *
   * @param path where it is
   * @param stem the name without its endings: {@code train}
   * @param format the layout its ending stands for
   * @param ending that ending: {@code .wp_source}
   */
  private record NamedFile(Path path, String stem, DataFormat format, String ending) {

    /** The file at a path, or nothing if its name has none of the endings of a corpus. */
    static Optional<NamedFile> at(Path path, CompressionCodecFactory codecs) {
      CompressionCodec codec = codecs.getCodec(path);
      String name =
          codec == null
              ? path.getName()
              : CompressionCodecFactory.removeSuffix(path.getName(), codec.getDefaultExtension());
      for (DataFormat format : DataFormat.ofCorpusFiles().toList()) {
        for (String ending : format.endings()) {
          if (name.endsWith(ending)) {
            String stem = name.substring(0, name.length() - ending.length());
            return Optional.of(new NamedFile(path, stem, format, ending));
          }
        }
      }
      return Optional.empty();
    }

    /**
     * Whether a directory of this name is read as one file, as Spark writes Parquet, JSON and CSV.
     */
    boolean mayBeDirectory() {
      return format != DataFormat.LINES;
    }

    /** Which of the files that stand for the same pairs this is: 1 for stories in a file apart. */
    int half() {
      return format == DataFormat.LINES ? format.endings().indexOf(ending) : 0;
    }
  }

  /** A file and the split it belongs to. */
  private record Member(Split split, NamedFile file) {
    /** The same for all files that stand for the same pairs, in the order pairs are read. */
    String key() {
      return split.ordinal() + " " + file.path().getParent() + "/" + file.stem();
    }
  }

  /**
   * @param corpus the path, any Hadoop URI
   * @param wanted the format, or none to go by what is there
   */
  CorpusLocator(String corpus, Optional<DataFormat> wanted, Configuration configuration) {
    this.corpus = corpus;
    this.wanted = wanted;
    this.configuration = configuration;
    this.codecs = new CompressionCodecFactory(configuration);
  }

  /**
   * The sources of the corpus, the training split's first.
   *
   * @throws UserException if there are none for training, a half is missing, or it is not clear
   *     which files are meant
   */
  List<Source> locate() {
    try {
      if (wanted.equals(Optional.of(DataFormat.TABLE))) {
        Path table = new Path(corpus);
        return List.of(new Source(Split.TRAIN, DataFormat.TABLE, table, table));
      }
      List<Member> members = members();
      requireOneFormat(members);
      List<Source> sources =
          members.stream()
              .collect(Collectors.groupingBy(Member::key, TreeMap::new, Collectors.toList()))
              .values()
              .stream()
              .map(this::source)
              .toList();
      if (sources.stream().noneMatch(source -> source.split() == Split.TRAIN)) {
        throw UserException.data(
            corpus + " holds no training pairs; expected " + DataFormat.expected(wanted));
      }
      return sources;
    } catch (IOException | IllegalArgumentException failure) {
      throw UserException.data(
          "cannot read corpus.path " + corpus + ": " + failure.getMessage(), failure);
    }
  }

  private List<Member> members() throws IOException {
    Path path = new Path(corpus);
    FileSystem files = HadoopFiles.shared(path, configuration);
    FileStatus[] matches = files.globStatus(path);
    if (matches == null || matches.length == 0) {
      throw UserException.data("corpus.path: nothing at " + files.makeQualified(path));
    }
    List<Member> members = new ArrayList<>();
    for (FileStatus match : matches) {
      Optional<NamedFile> file =
          matches.length == 1 ? file(match).or(() -> asWanted(match)) : file(match);
      if (file.isPresent()) {
        Split split = matches.length == 1 ? Split.TRAIN : splitOf(file.get()).orElse(Split.TRAIN);
        siblings(files, file.get()).forEach(each -> members.add(new Member(split, each)));
      } else if (match.isDirectory()) {
        members.addAll(inFolder(files, match.getPath()));
      } else {
        throw UserException.data(
            match.getPath()
                + " is not of a known format; expected the name to end as in "
                + DataFormat.expected(wanted));
      }
    }
    return members.stream().distinct().toList();
  }

  private List<Member> inFolder(FileSystem files, Path folder) throws IOException {
    return Arrays.stream(files.listStatus(folder))
        .flatMap(status -> file(status).stream())
        .flatMap(file -> splitOf(file).map(split -> new Member(split, file)).stream())
        .toList();
  }

  private static Optional<Split> splitOf(NamedFile file) {
    return Split.named(file.stem());
  }

  /** The files of the same format and stem: both halves, if there are halves. */
  private List<NamedFile> siblings(FileSystem files, NamedFile file) throws IOException {
    if (file.format() != DataFormat.LINES) {
      return List.of(file);
    }
    return Arrays.stream(files.listStatus(file.path().getParent()))
        .flatMap(status -> file(status).stream())
        .filter(each -> each.format() == file.format() && each.stem().equals(file.stem()))
        .toList();
  }

  private Optional<NamedFile> file(FileStatus status) {
    return NamedFile.at(status.getPath(), codecs)
        .filter(file -> status.isFile() || file.mayBeDirectory())
        .filter(file -> wanted.isEmpty() || wanted.get() == file.format());
  }

  /** The one file asked for, whatever its name, if the format asked for is that of single files. */
  private Optional<NamedFile> asWanted(FileStatus status) {
    return wanted
        .filter(format -> status.isFile() && format != DataFormat.LINES)
        .map(format -> new NamedFile(status.getPath(), status.getPath().getName(), format, ""));
  }

  private void requireOneFormat(List<Member> members) {
    List<DataFormat> formats =
        members.stream().map(member -> member.file().format()).distinct().sorted().toList();
    if (formats.size() > 1) {
      throw UserException.data(
          String.format(
              "%s holds files of several formats, %s; choose one with corpus.format",
              corpus, formats));
    }
  }

  private Source source(List<Member> members) {
    List<NamedFile> halves =
        members.stream().map(Member::file).sorted(Comparator.comparing(NamedFile::half)).toList();
    NamedFile first = halves.get(0);
    NamedFile last = halves.get(halves.size() - 1);
    if (halves.stream().map(NamedFile::half).distinct().count() < halves.size()) {
      throw UserException.data(
          halves.stream().map(half -> half.path().toString()).collect(Collectors.joining(", "))
              + " stand for the same pairs; keep one");
    }
    if (first.format() == DataFormat.LINES && halves.size() == 1) {
      throw missingHalf(first);
    }
    return new Source(members.get(0).split(), first.format(), first.path(), last.path());
  }

  private static UserException missingHalf(NamedFile present) {
    String absent =
        present.format().endings().stream()
            .filter(ending -> !ending.equals(present.ending()))
            .collect(Collectors.joining());
    return UserException.data(
        String.format(
            "%s is missing; it must stand beside %s, line by line",
            new Path(present.path().getParent(), present.stem() + absent), present.path()));
  }
}
