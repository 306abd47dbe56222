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
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import storyloom.model.UserException;

/**
 * Finds the files of a corpus.
 *
 * <p>The path may be a folder, a file or a pattern of either. In a folder, {@code train.*}, {@code
 * valid.*} and {@code test.*} count. A file named by itself is the training split; where a pattern
 * finds several, those named after a split belong to it and the others to the training split. Of a
 * file of prompts or of stories the other half stands beside it.
 */
final class CorpusLocator {

  private final String corpus;
  private final Optional<CorpusFormat> wanted;
  private final Configuration configuration;
  private final CompressionCodecFactory codecs;

  /** A file and the split it belongs to. */
  private record Member(Split split, CorpusFile file) {
    /** The same for all files that stand for the same pairs, in the order pairs are read. */
    String key() {
      return split.ordinal() + " " + file.path().getParent() + "/" + file.stem();
    }
  }

  /**
   * @param corpus the path, any Hadoop URI
   * @param wanted the format, or none to go by what is there
   */
  CorpusLocator(String corpus, Optional<CorpusFormat> wanted, Configuration configuration) {
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
  List<PairSource> locate() {
    try {
      List<Member> members = members();
      requireOneFormat(members);
      List<PairSource> sources =
          members.stream()
              .collect(Collectors.groupingBy(Member::key, TreeMap::new, Collectors.toList()))
              .values()
              .stream()
              .map(this::source)
              .toList();
      if (sources.stream().noneMatch(source -> source.split() == Split.TRAIN)) {
        throw UserException.data(
            corpus + " holds no training pairs; expected " + CorpusFormat.expected(wanted));
      }
      return sources;
    } catch (IOException | IllegalArgumentException failure) {
      throw UserException.data(
          "cannot read corpus.path " + corpus + ": " + failure.getMessage(), failure);
    }
  }

  private List<Member> members() throws IOException {
    Path path = new Path(corpus);
    FileSystem files = path.getFileSystem(configuration);
    FileStatus[] matches = files.globStatus(path);
    if (matches == null || matches.length == 0) {
      throw UserException.data("corpus.path: nothing at " + files.makeQualified(path));
    }
    List<Member> members = new ArrayList<>();
    for (FileStatus match : matches) {
      Optional<CorpusFile> file =
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
                + CorpusFormat.expected(wanted));
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

  private static Optional<Split> splitOf(CorpusFile file) {
    return Split.named(file.stem());
  }

  /** The files of the same format and stem: both halves, where there are halves. */
  private List<CorpusFile> siblings(FileSystem files, CorpusFile file) throws IOException {
    if (file.format() != CorpusFormat.LINES) {
      return List.of(file);
    }
    return Arrays.stream(files.listStatus(file.path().getParent()))
        .flatMap(status -> file(status).stream())
        .filter(each -> each.format() == file.format() && each.stem().equals(file.stem()))
        .toList();
  }

  private Optional<CorpusFile> file(FileStatus status) {
    return CorpusFile.at(status.getPath(), codecs)
        .filter(file -> status.isFile() || file.mayBeDirectory())
        .filter(file -> wanted.isEmpty() || wanted.get() == file.format());
  }

  /** The one file asked for, whatever its name, if the format asked for is that of single files. */
  private Optional<CorpusFile> asWanted(FileStatus status) {
    return wanted
        .filter(format -> status.isFile() && format != CorpusFormat.LINES)
        .map(format -> new CorpusFile(status.getPath(), status.getPath().getName(), format, ""));
  }

  private void requireOneFormat(List<Member> members) {
    List<CorpusFormat> formats =
        members.stream().map(member -> member.file().format()).distinct().sorted().toList();
    if (formats.size() > 1) {
      throw UserException.data(
          String.format(
              "%s holds files of several formats, %s; choose one with corpus.format",
              corpus, formats));
    }
  }

  private PairSource source(List<Member> members) {
    List<CorpusFile> halves =
        members.stream().map(Member::file).sorted(Comparator.comparing(CorpusFile::half)).toList();
    CorpusFile first = halves.get(0);
    CorpusFile last = halves.get(halves.size() - 1);
    if (halves.stream().map(CorpusFile::half).distinct().count() < halves.size()) {
      throw UserException.data(
          halves.stream().map(half -> half.path().toString()).collect(Collectors.joining(", "))
              + " stand for the same pairs; keep one");
    }
    if (first.format() == CorpusFormat.LINES && halves.size() == 1) {
      throw missingHalf(first);
    }
    return new PairSource(members.get(0).split(), first.format(), first.path(), last.path());
  }

  private static UserException missingHalf(CorpusFile present) {
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
