package storyloom.model.eval;

import java.io.Serializable;

/**
 * A part of a whole, as counts, so that those of several stories can be added up.
 *
 * @param part how many have it
 * @param whole of how many
 */
public record Share(long part, long whole) implements Serializable {

  /** Of nothing. */
  public static final Share NONE = new Share(0, 0);

  /** One that has it or not. */
  static Share of(boolean has) {
    return new Share(has ? 1 : 0, 1);
  }

  /** Both together. */
  public Share plus(Share other) {
    return new Share(part + other.part, whole + other.whole);
  }

  /** From 0 to 1; NaN of nothing. */
  public double value() {
    return (double) part / whole;
  }
}
