package storyloom.model.nn.layer;

import storyloom.model.nn.kernel.Matrix;

/**
 * A weight and the place of its gradient.
 *
 * @param value the numbers
 * @param gradient overwritten by each backward pass; null where nothing is learned
 */
public record Parameter(Matrix value, Matrix gradient) {}
