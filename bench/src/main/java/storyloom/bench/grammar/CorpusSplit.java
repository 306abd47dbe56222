package storyloom.bench.grammar;

import java.util.Locale;

/** The three parts of a corpus. */
public enum CorpusSplit {
  TRAIN,
  VALID,
  TEST;

  /**
   * Heroes and objects meet in this many groups of equal size; one is kept for test, one for valid.
   */
  private static final int GROUPS = 16;

  /**
   * Which split a hero and an object meet in, the same for every seed, so that corpora of different
   * seeds keep out of each other's test split.
   *
   * <p>The groups run diagonally through the table of heroes and objects: every hero and every
   * object is met in every split.
   *
   * @param hero the hero's place in its list, from 0
   * @param object the object's place in its list, from 0
   */
  static CorpusSplit of(int hero, int object) {
    return switch ((hero + object) % GROUPS) {
      case 0 -> TEST;
      case 1 -> VALID;
      default -> TRAIN;
    };
  }

  /** The split's name in file names: train, valid, test. */
  public String fileName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
