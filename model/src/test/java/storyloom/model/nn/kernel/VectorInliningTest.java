package storyloom.model.nn.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

class VectorInliningTest {

  private static final int ROWS = 64;
  private static final int VOCABULARY = 20_000;
  private static final int HIDDEN = 512;

  private static final Kernel KERNEL = new VectorKernel(Gemm.OneDnn.orOpenBlas());

  private static Matrix random(int rows, int columns) {
    return Matrix.of(Nd4j.rand(DataType.FLOAT, rows, columns));
  }

  static Stream<Arguments> loops() {
    Matrix logits = random(ROWS, VOCABULARY);
    Matrix bias = random(1, VOCABULARY);
    int[] targets = new int[ROWS];
    Matrix gates = random(ROWS, 4 * HIDDEN);
    Matrix gateBias = random(1, 4 * HIDDEN);
    Matrix before = random(ROWS, HIDDEN);
    Matrix cells = random(ROWS, HIDDEN);
    Matrix states = random(ROWS, HIDDEN);
    Matrix row = random(1, HIDDEN);
    AdamTensor tensor =
        new AdamTensor(
            random(1, VOCABULARY),
            random(1, VOCABULARY),
            random(1, VOCABULARY),
            random(1, VOCABULARY));
    AdamStep step = AdamStep.of(0.001, 0.9, 0.999, 1e-8, 1);
    return Stream.of(
        loop("softmax", () -> KERNEL.softmaxCrossEntropy(logits, bias, targets, 0.25, 0)),
        loop("LSTM", () -> KERNEL.lstmForward(gates, gateBias, before, cells, states)),
        loop("LSTM backward", () -> KERNEL.lstmBackward(gates, before, cells, states, before)),
        loop("tanh", () -> KERNEL.tanhOfSum(before, row, states)),
        loop("norm", () -> KERNEL.squaredNorm(logits)),
        loop("Adam", () -> KERNEL.adam(tensor, 0.5, step)),
        loop("Adam later", () -> KERNEL.adamWithoutGradient(tensor, List.of(step, step))));
  }

  private static Arguments loop(String name, Runnable run) {
    return arguments(name, run);
  }

  /** Each loop has more than a thousand vectors, and one on the heap is 80 bytes or more. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("loops")
  void compiledLoopsPutNoVectorsOnTheHeap(String name, Runnable loop) {
    long bound = ROWS * 1_000L;

    assertThat(AllocatedBytes.ofCompiled(loop, bound)).as(name).isLessThan(bound);
  }
}
