/**
 * The few hot loops and the BLAS calls. Raw memory is touched here and nowhere else; everything
 * above speaks of {@link storyloom.model.nn.kernel.Matrix} and {@link
 * storyloom.model.nn.kernel.Kernel}.
 */
package storyloom.model.nn.kernel;
