package storyloom.jobs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/** Corpora that are small enough to be learned in seconds. */
public final class SmallCorpus {

  static final List<String> HEROES = List.of("anna", "ben", "clara", "dan", "eva", "finn");
  static final List<String> OBJECTS = List.of("lamp", "ring", "map", "drum", "key", "coat");

  private SmallCorpus() {}

  /** Writes 36 pairs about who finds what, four of them to validate by. */
  public static Path write(Path folder) {
    return write(folder, object -> 1);
  }

  /** The same with stories of 25 to 60 tokens. */
  static Path writeLong(Path folder) {
    return write(folder, object -> 3 + OBJECTS.indexOf(object));
  }

  /**
   * @param times how often a hero takes an object home
   */
  private static Path write(Path folder, ToIntFunction<String> times) {
    List<String> prompts = new ArrayList<>();
    List<String> stories = new ArrayList<>();
    for (String hero : HEROES) {
      for (String object : OBJECTS) {
        prompts.add(hero + " finds a " + object + " .");
        String taken = hero + " took the " + object + " home . <newline> ";
        stories.add(taken.repeat(times.applyAsInt(object)) + "All was well .");
      }
    }
    try {
      Files.createDirectories(folder);
      Files.write(folder.resolve("train.wp_source"), prompts.subList(4, 36));
      Files.write(folder.resolve("train.wp_target"), stories.subList(4, 36));
      Files.write(folder.resolve("valid.wp_source"), prompts.subList(0, 4));
      Files.write(folder.resolve("valid.wp_target"), stories.subList(0, 4));
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes the first pairs of data/, and a tenth as many to validate by. */
  static Path writeFirstOfData(Path folder, int pairs) throws IOException {
    Files.createDirectories(folder);
    Map<String, Integer> splits = Map.of("train", pairs, "valid", pairs / 10);
    for (Map.Entry<String, Integer> split : splits.entrySet()) {
      for (String side : List.of("source", "target")) {
        String name = split.getKey() + ".wp_" + side;
        List<String> lines = Files.readAllLines(BinCommand.ROOT.resolve("data").resolve(name));
        Files.write(folder.resolve(name), lines.subList(0, split.getValue()));
      }
    }
    return folder;
  }

  /** Arguments that train a model on it which is small too. */
  public static String[] training(Path home, Path corpus, String... more) {
    return training(home.toString(), corpus.toString(), more);
  }

  /** The same for a home and a corpus on any file system. */
  public static String[] training(String home, String corpus, String... more) {
    List<String> args = new ArrayList<>();
    for (String setting :
        List.of(
            "home=" + home,
            "corpus.path=" + corpus,
            "text.min-count=1",
            "model.embedding=16",
            "model.hidden=32",
            "model.dropout=0",
            "train.batch=8",
            "train.workers=2",
            "train.epochs=2",
            "train.learning-rate=0.01")) {
      args.add("--set");
      args.add(setting);
    }
    args.addAll(List.of(more));
    return args.toArray(String[]::new);
  }

  /**
   * Arguments that measure the current model by a split of it.
   *
   * @param split train or valid
   */
  static String[] evaluation(Path home, Path corpus, String split, String... more) {
    List<String> args = new ArrayList<>();
    args.addAll(List.of("--source", corpus.resolve(split + ".wp_source").toString()));
    args.addAll(List.of("--target", corpus.resolve(split + ".wp_target").toString()));
    args.addAll(List.of("--set", "home=" + home));
    args.addAll(List.of(more));
    return args.toArray(String[]::new);
  }
}
