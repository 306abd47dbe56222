package storyloom.jobs.run;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import storyloom.jobs.cli.Console;
import storyloom.model.UserException;
import storyloom.model.files.AtomicFolder;
import storyloom.model.files.ChecksummedDirectory;
import storyloom.model.files.HadoopFiles;
import storyloom.model.files.Sha256;
import storyloom.model.settings.Settings;
import storyloom.pipeline.BuildInfo;
import storyloom.pipeline.batch.PreparedCorpus;
import storyloom.pipeline.prepare.CorpusEncoder;

/**
 * The prepared corpora below home, {@code prepared/<key>/}. One appears whole or not at all, and is
 * used only after all its checksums have been compared. Runs beside each other may make the same
 * one; the first to finish is the one that stays.
 */
public final class PreparedStore implements AutoCloseable {

  private static final Pattern NAME = Pattern.compile("[0-9a-f]{32}");
  private static final String USED = "last-used";

  private final JavaSparkContext context;
  private final Path folder;
  private final FileSystem files;
  private final int kept;
  private final Supplier<Set<String>> needed;

  /**
   * The corpora of a home, of which those stay that its runs need.
   *
   * @param settings of which {@code train.prepared-kept} more stay
   */
  public static PreparedStore of(String home, Settings settings, JavaSparkContext context) {
    return new PreparedStore(
        home,
        context,
        settings.integer("train.prepared-kept"),
        () -> TrainingRun.neededCorpora(home, context.hadoopConfiguration()));
  }

  /**
   * @param home any Hadoop URI
   * @param kept how many corpora stay, besides those that runs need
   * @param needed keys of the corpora that runs need; asked for whenever it matters
   */
  public PreparedStore(
      String home, JavaSparkContext context, int kept, Supplier<Set<String>> needed) {
    this.kept = kept;
    this.needed = needed;
    Configuration configuration = context.hadoopConfiguration();
    Path named = new Path(home, "prepared");
    this.context = context;
    this.files = HadoopFiles.of(named, configuration);
    this.folder = files.makeQualified(named);
  }

  /**
   * The names of corpora that are made of the same and have a vocabulary, whatever that grew from.
   * They may turn out damaged, or be gone, when they are looked for.
   *
   * @param madeOf as {@link Key} has it
   * @param vocabulary hash of it
   */
  public List<String> namesOf(String madeOf, String vocabulary) {
    try {
      return Arrays.stream(files.listStatus(folder))
          .filter(status -> NAME.matcher(name(status)).matches())
          .filter(status -> has(status.getPath(), madeOf, vocabulary))
          .map(PreparedStore::name)
          .sorted()
          .toList();
    } catch (FileNotFoundException nothing) {
      return List.of();
    } catch (IOException e) {
      throw UserException.data("cannot read " + folder + ": " + e.getMessage(), e);
    }
  }

  private boolean has(Path corpus, String madeOf, String vocabulary) {
    return isOf(
        corpus,
        context.hadoopConfiguration(),
        contents ->
            contents.madeOf().equals(madeOf) && contents.vocabularyHash().equals(vocabulary));
  }

  /**
   * Where a corpus stands that a model was trained on, however it was prepared; empty if there is
   * none any more.
   *
   * @param home any Hadoop URI
   * @param corpus hash of its cleaned pairs
   */
  public static Optional<Path> ofCorpus(String home, Configuration configuration, String corpus) {
    Path folder = new Path(home, "prepared");
    try {
      return Arrays.stream(HadoopFiles.of(folder, configuration).listStatus(folder))
          .filter(status -> NAME.matcher(name(status)).matches())
          .map(FileStatus::getPath)
          .filter(
              path -> isOf(path, configuration, contents -> contents.corpusHash().equals(corpus)))
          .min(Comparator.naturalOrder());
    } catch (FileNotFoundException nothing) {
      return Optional.empty();
    } catch (IOException e) {
      throw UserException.data("cannot read " + folder + ": " + e.getMessage(), e);
    }
  }

  private static boolean isOf(
      Path corpus, Configuration configuration, Predicate<PreparedCorpus.Contents> wanted) {
    try {
      return wanted.test(PreparedCorpus.contents(corpus, configuration));
    } catch (UserException unreadable) {
      return false;
    }
  }

  /** Where the corpus of a key stands, if it is there. */
  public Path path(String key) {
    return new Path(folder, key);
  }

  /** The corpus of a key, if it is there and whole. A damaged one is removed, with a warning. */
  public Optional<PreparedCorpus> find(String key) {
    Path place = path(key);
    try {
      if (!files.exists(place)) {
        return Optional.empty();
      }
      PreparedCorpus corpus = PreparedCorpus.read(context, place);
      HadoopFiles.write(files, new Path(place, USED), true, out -> {});
      return Optional.of(corpus);
    } catch (UserException damaged) {
      Console.warn("the corpus is prepared anew: " + damaged.getMessage());
      remove(place, Set::of);
      return Optional.empty();
    } catch (IOException e) {
      throw UserException.data("cannot read " + place + ": " + e.getMessage(), e);
    }
  }

  /** A folder to prepare a corpus in, out of everybody's sight until it is committed. */
  public ChecksummedDirectory.Writer draft() {
    return new ChecksummedDirectory.Writer(folder, context.hadoopConfiguration());
  }

  /** Makes a draft the corpus of a key, unless another run has been faster. */
  public PreparedCorpus commit(ChecksummedDirectory.Writer draft, String key) {
    try {
      draft.commit(key);
    } catch (UserException taken) {
      return find(key).orElseThrow(() -> taken);
    }
    return find(key)
        .orElseThrow(() -> UserException.data(path(key) + " was damaged as soon as written"));
  }

  /** Removes the corpora that were used the longest ago, and what killed processes left. */
  @Override
  public void close() {
    try {
      Set<String> held = needed.get();
      List<FileStatus> present = Arrays.asList(files.listStatus(folder));
      present.stream()
          .filter(status -> NAME.matcher(name(status)).matches())
          .filter(status -> !held.contains(name(status)))
          .sorted(Comparator.comparing(this::lastUsed).reversed())
          .skip(kept)
          .forEach(status -> remove(status.getPath(), needed));
      present.stream()
          .filter(status -> name(status).startsWith("_") && isOld(status))
          .forEach(status -> remove(status.getPath(), Set::of));
      if (files.listStatus(folder).length == 0) {
        files.delete(folder, false);
      }
    } catch (FileNotFoundException nothing) {
      // no corpus was ever prepared here, or another run has just removed the empty folder
      return;
    } catch (IOException e) {
      throw UserException.data("cannot clear " + folder + ": " + e.getMessage(), e);
    }
  }

  /** Whether something was last written to longer ago than any process takes between two steps. */
  public static boolean isOld(FileStatus status) {
    return System.currentTimeMillis() - status.getModificationTime()
        > Duration.ofDays(1).toMillis();
  }

  private long lastUsed(FileStatus corpus) {
    try {
      return files.getFileStatus(new Path(corpus.getPath(), USED)).getModificationTime();
    } catch (IOException neverUsed) {
      return corpus.getModificationTime();
    }
  }

  /**
   * Takes a corpus out of sight first: a run that came to need it in the meantime either shows now,
   * or will find it gone and prepare it anew.
   */
  private void remove(Path corpus, Supplier<Set<String>> needed) {
    try {
      AtomicFolder.remove(files, corpus, () -> needed.get().contains(corpus.getName()));
    } catch (FileNotFoundException gone) {
      return; // another run has removed it
    } catch (IOException e) {
      throw UserException.data("cannot remove " + corpus + ": " + e.getMessage(), e);
    }
  }

  private static String name(FileStatus status) {
    return status.getPath().getName();
  }

  /**
   * What decides what is in a prepared corpus: what it is made of, which is the files' content, the
   * settings {@code corpus.} and {@code text.}, whether the model copies, the number of workers and
   * the program; and the vocabulary that is kept and appended to.
   *
   * @param madeOf hash of all but the vocabulary
   * @param grownFrom hash of the vocabulary; empty for none
   */
  public record Key(String madeOf, String grownFrom) {

    private static final int LENGTH = 32;

    /**
     * Of what these settings make of a corpus.
     *
     * @param content hash of the corpus's files
     * @param workers shards of each split
     * @param grownFrom hash of the vocabulary that is kept and appended to; empty for none
     */
    public static Key of(Settings settings, String content, int workers, String grownFrom) {
      Stream<String> chosen =
          CorpusEncoder.deciding(settings.recorded()).entrySet().stream().map(Key::line);
      Map<String, String> rest =
          Map.of(
              "content", content,
              "workers", Integer.toString(workers),
              "version", BuildInfo.versions().get("storyloom"),
              "commit", BuildInfo.gitCommit());
      String all =
          Stream.concat(chosen, rest.entrySet().stream().map(Key::line).sorted())
              .collect(Collectors.joining());
      return new Key(hash(all), grownFrom);
    }

    /** The name of the prepared corpus. */
    public String name() {
      return hash(madeOf + grownFrom);
    }

    private static String hash(String text) {
      return Sha256.hex(text).substring(0, LENGTH);
    }

    private static String line(Entry<String, String> entry) {
      return entry.getKey() + "=" + entry.getValue() + "\n";
    }
  }
}
