/**
 * The few hot loops and the matrix products. Raw memory is touched here and nowhere else;
 * everything above speaks of {@link storyloom.model.nn.kernel.Matrix} and {@link
 * storyloom.model.nn.kernel.Kernel} (read these two first).
 *
 * <p>A kernel exists three times: {@code LoopKernel} in plain loops (the reference, and the one in
 * double), {@code ScalarKernel} for JVMs without jdk.incubator.vector, {@code VectorKernel} with
 * it; {@code ThreadedKernel} splits any of them over threads. Products are {@code Gemm}'s while
 * training and {@link storyloom.model.nn.kernel.RowProduct}'s while decoding, where a row's bits
 * must not depend on the others. No vertex, no vocabulary and no file may appear here.
 */
package storyloom.model.nn.kernel;
