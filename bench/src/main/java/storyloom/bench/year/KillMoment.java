package storyloom.bench.year;

import java.util.Locale;
import java.util.function.Predicate;

/** What a night is about when it is killed: each part of it has its turn, however long it takes. */
enum KillMoment {
  /** The corpus is looked for, read, cleaned, counted and encoded. */
  READING(4000, night -> night.said("Spark ")),
  /** Rounds go by and checkpoints are written. */
  TRAINING(1000, night -> night.said("epoch ") || night.said("going on with ")),
  /** The model is there, and is compared with the current one. */
  EVALUATING(1500, NightWatch::hasModel),
  /** Its figures are written down; it is made the current one, and reported. */
  PROMOTING(400, NightWatch::hasRecord);

  private final int millis;
  private final Predicate<NightWatch> begun;

  KillMoment(int millis, Predicate<NightWatch> begun) {
    this.millis = millis;
    this.begun = begun;
  }

  /** The moment of one kill after another, counted from 0. */
  static KillMoment of(int kill) {
    return values()[kill % values().length];
  }

  /** Whether this part of a night has begun. */
  boolean hasBegun(NightWatch night) {
    return begun.test(night);
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
