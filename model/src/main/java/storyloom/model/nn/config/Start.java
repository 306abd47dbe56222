package storyloom.model.nn.config;

/**
 * What a tensor's numbers are before the first update.
 *
 * @param kind how they are drawn
 * @param size the bound, the standard deviation or the number itself
 */
public record Start(Kind kind, double size) {

  /** How numbers are drawn. */
  public enum Kind {
    /** Uniform in ±size. */
    UNIFORM,
    /** Normal, around 0. */
    NORMAL,
    /** All the same. */
    CONSTANT
  }

  /**
   * Uniform in ±1/√fan.
   *
   * @param fan how many numbers come into each sum
   */
  static Start uniform(long fan) {
    return new Start(Kind.UNIFORM, 1 / Math.sqrt(fan));
  }

  /** Normal (0, deviation²). */
  static Start normal(double deviation) {
    return new Start(Kind.NORMAL, deviation);
  }

  /** All the same number. */
  static Start constant(double number) {
    return new Start(Kind.CONSTANT, number);
  }
}
