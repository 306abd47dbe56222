package storyloom.bench.year;

import java.util.List;
import java.util.Locale;

/** What a night is about when it is killed: each part of it has its turn, however long it takes. */
enum KillMoment {
  /** The corpus is looked for, read, cleaned, counted and encoded. */
  READING("Spark ", 4000),
  /** Rounds go by and checkpoints are written. */
  TRAINING("epoch 1 of 2, round 1", 1500),
  /** The model is written and compared with the current one. */
  EVALUATING("epoch 2 of 2, valid", 2500),
  /** The figures are known: they are written down, the model is made the current one, reported. */
  PROMOTING(null, 400);

  private final String line;
  private final int millis;

  /**
   * @param line how the line begins with which it begins; null where that is a record's appearing
   * @param millis how long it takes, more or less
   */
  KillMoment(String line, int millis) {
    this.line = line;
    this.millis = millis;
  }

  /** The moment of one kill after another, counted from 0. */
  static KillMoment of(int kill) {
    return values()[kill % values().length];
  }

  /**
   * Whether this part of a night has begun.
   *
   * @param said all lines of the night so far
   * @param recorded whether the registry has a record that it did not have before
   */
  boolean hasBegun(List<String> said, boolean recorded) {
    return line == null ? recorded : said.stream().anyMatch(each -> each.startsWith(line));
  }

  /** Milliseconds that it takes, more or less. */
  int millis() {
    return millis;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
