package storyloom.bench.year;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Tells from outside how far a night is. */
final class NightWatch {

  private static final String RECORD = ".json";

  private final Path log;
  private final HomeCheck home;
  private final Set<String> before;

  /** Of a night that is about to start and will append what it says to a log. */
  NightWatch(Path log, HomeCheck home) {
    this.log = log;
    this.home = home;
    this.before = home.modelFiles();
  }

  /** Whether it has said a line that begins so. */
  boolean said(String beginning) {
    return lines().stream().anyMatch(line -> line.startsWith(beginning));
  }

  /** Whether there is a model that was not there before. */
  boolean hasModel() {
    return hasNew(name -> !name.startsWith("_") && !name.endsWith(RECORD));
  }

  /** Whether something is written down about a model of which nothing was before. */
  boolean hasRecord() {
    return hasNew(name -> !name.startsWith("_") && name.endsWith(RECORD));
  }

  private boolean hasNew(Predicate<String> kind) {
    return home.modelFiles().stream().filter(kind).anyMatch(name -> !before.contains(name));
  }

  /** All that it has said so far. */
  List<String> lines() {
    try {
      // a kill may have cut the last character in two
      return new String(Files.readAllBytes(log), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The last line that it has said. */
  String lastWords() {
    List<String> lines = lines();
    return lines.isEmpty() ? "none" : lines.get(lines.size() - 1);
  }
}
