package storyloom.bench.year;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import storyloom.bench.year.NightProcess.KillMoment;
import storyloom.bench.year.NightProcess.NightWatch;
import storyloom.jobs.TrainJob;

/** Nights in a row, each looked after. */
final class Year {

  private static final List<String> SETTINGS =
      List.of(
          "train.start=current",
          "train.unfinished=resume",
          "train.epochs=2",
          "train.batch=32",
          "train.workers=2",
          "train.averaging-frequency=5",
          "train.learning-rate=0.004",
          "train.checkpoint-rounds=3",
          "train.prepared-kept=2",
          "gate.enabled=true",
          "gate.sample=20",
          "gate.max-repetition=1.0",
          "gate.min-ranking=0.0",
          "registry.keep-promoted=3",
          "registry.keep-refused=2",
          "registry.keep-checkpoints=1",
          "registry.keep-reports=10",
          "text.vocabulary=3000",
          "text.max-story-tokens=60",
          "model.embedding=16",
          "model.hidden=32",
          "decode.max-tokens=60");

  /** Kept promoted and refused, and the one before the current model. */
  private static final int MOST_MODELS = 3 + 2 + 1;

  /** Smaller than the weights of the model, larger than all that comes before them. */
  private static final long FULL_DISK_BYTES = 160 << 10;

  private static final int SHOWN = 30;
  private static final int DATA = 3;
  private static final int NOT_PROMOTED = 4;

  /** Of a process that SIGKILL has ended. */
  private static final int KILL_STATUS = 128 + 9;

  private final Path log;
  private final DriftingCorpus corpus;
  private final HomeCheck check;
  private final List<String> arguments;
  private final Random random;
  private final PrintWriter out;
  private int kills;

  /**
   * @param folder for the corpus, home and the log
   * @param seed of the corpus, and of the moments at which nights are killed
   * @param out where a line says how each night ended
   */
  Year(Path folder, long seed, PrintWriter out) throws IOException {
    this.log = folder.resolve("night.log");
    this.corpus = new DriftingCorpus(folder.resolve("corpus"), seed);
    Path home = folder.resolve("home");
    this.check = new HomeCheck(home, corpus.folder(), 1, MOST_MODELS);
    this.arguments =
        Stream.concat(
                Stream.of("home=" + home, "corpus.path=" + corpus.folder()), SETTINGS.stream())
            .flatMap(setting -> Stream.of("--set", setting))
            .toList();
    this.random = new Random(seed);
    this.out = out;
  }

  /**
   * Has the nights go by.
   *
   * @return figures of the year
   */
  Map<String, Object> pass(List<NightKind> nights) throws IOException, InterruptedException {
    Map<NightKind, Integer> counts = new EnumMap<>(NightKind.class);
    int promoted = 0;
    long largest = 0;
    for (int night = 0; night < nights.size(); night++) {
      promoted += pass(night, nights.get(night)) ? 1 : 0;
      largest = Math.max(largest, check.size());
      counts.merge(nights.get(night), 1, Integer::sum);
    }
    Map<String, Object> figures = new LinkedHashMap<>();
    counts.forEach((kind, count) -> figures.put(kind.toString(), count));
    figures.put("promoted", promoted);
    figures.put("largest_home_mb", largest / 1e6);
    figures.put("broken", check.broken().size());
    return figures;
  }

  /** What was promised and is not so, a line each. */
  List<String> broken() {
    return check.broken();
  }

  /** Whether the night has brought another current model. */
  private boolean pass(int night, NightKind kind) throws IOException, InterruptedException {
    corpus.tonight(kind == NightKind.POISONED);
    Optional<String> before = check.current();
    int faults = check.broken().size();
    int status = run(kind);
    check.always(night, before);
    expect(night, kind, status);
    if (check.broken().size() > faults) {
      List<String> lines = new NightWatch(log, check).lines();
      lines.subList(Math.max(0, lines.size() - SHOWN), lines.size()).forEach(out::println);
    }
    boolean changed = !before.equals(check.current());
    out.printf(
        "night %3d  %-8s  status %3d  %s%n", night + 1, kind, status, changed ? "promoted" : "");
    out.flush();
    return changed;
  }

  private void expect(int night, NightKind kind, int status) {
    switch (kind) {
      case QUIET, POISONED -> {
        check.promise(
            night, status == 0 || status == NOT_PROMOTED, "it ends with 0 or 4, not " + status);
        check.tidy(night);
      }
      case FULL -> check.promise(night, status == DATA, "it ends with 3, not " + status);
      case KILLED ->
          check.promise(
              night, status == KILL_STATUS, "it is killed before it ends, with " + status);
    }
  }

  private int run(NightKind kind) throws IOException, InterruptedException {
    Files.deleteIfExists(log);
    long mostBytes = kind == NightKind.FULL ? FULL_DISK_BYTES : 0;
    if (kind != NightKind.KILLED && kind != NightKind.FULL) {
      return inThisProcess();
    }
    NightWatch watch = new NightWatch(log, check);
    try (NightProcess process = NightProcess.start(arguments, mostBytes, log)) {
      return kind == NightKind.FULL ? process.ended() : kill(process, watch);
    }
  }

  private int kill(NightProcess process, NightWatch watch) throws InterruptedException {
    KillMoment moment = KillMoment.of(kills++);
    int status = process.killAfter(() -> moment.hasBegun(watch), random.nextInt(moment.millis()));
    out.printf("killed while %s; its last words: %s%n", moment, watch.lastLine());
    return status;
  }

  private int inThisProcess() throws IOException {
    PrintStream formerOut = System.out;
    PrintStream formerErr = System.err;
    System.setProperty("spark.master", "local[2]");
    System.clearProperty("spark.jars"); // loaded already; each night would copy them
    try (PrintStream words =
        new PrintStream(Files.newOutputStream(log), true, StandardCharsets.UTF_8)) {
      System.setOut(words);
      System.setErr(words);
      return TrainJob.run(arguments.toArray(String[]::new));
    } finally {
      System.setOut(formerOut);
      System.setErr(formerErr);
    }
  }

  /** What happens to a night. */
  enum NightKind {
    /** Nothing. */
    QUIET,
    /** Its process is killed at a random moment. */
    KILLED,
    /** Somebody has put rubbish in the place of the corpus's stories. */
    POISONED,
    /** No file can grow, as on a full disk. */
    FULL;

    /**
     * Deals out what happens over a year. The first night is always a quiet one, and so is the
     * last.
     *
     * @param nights how many there are, at least two more than those that are not quiet
     * @param killed how many of these are killed; likewise the others
     */
    static List<NightKind> deal(int nights, int killed, int poisoned, int full, Random random) {
      List<NightKind> kinds = new ArrayList<>();
      kinds.addAll(Collections.nCopies(killed, KILLED));
      kinds.addAll(Collections.nCopies(poisoned, POISONED));
      kinds.addAll(Collections.nCopies(full, FULL));
      kinds.addAll(Collections.nCopies(nights - 2 - kinds.size(), QUIET));
      Collections.shuffle(kinds, random);
      kinds.add(0, QUIET);
      kinds.add(QUIET);
      return kinds;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
