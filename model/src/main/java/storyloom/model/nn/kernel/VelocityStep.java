package storyloom.model.nn.kernel;

/**
 * A step of descent with momentum towards a mean, number by number.
 *
 * <pre>
 *   δ        = mean − state
 *   velocity = keep · velocity + share · δ
 *   state    = state + rate · (direct · δ + ahead · velocity)
 * </pre>
 */
public record VelocityStep(double keep, double share, double rate, double direct, double ahead) {}
