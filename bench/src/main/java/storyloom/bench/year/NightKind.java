package storyloom.bench.year;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;

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
   * Deals out what happens over a year. The first night is always a quiet one, and so is the last.
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
