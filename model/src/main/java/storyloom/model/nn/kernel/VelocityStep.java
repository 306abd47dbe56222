package storyloom.model.nn.kernel;

/**
 * A step of descent with momentum towards a mean, number by number.
 *
 * <pre>
 *   δ        = mean − state
 *   velocity = keep · velocity + share · δ
 *   state    = state + rate · (direct · δ + ahead · velocity)
 * </pre>
 *
 * @param keep of the velocity so far
 * @param share of δ in the velocity
 * @param rate of the step
 * @param direct weight of δ itself
 * @param ahead weight of the new velocity
 */
public record VelocityStep(double keep, double share, double rate, double direct, double ahead) {}
