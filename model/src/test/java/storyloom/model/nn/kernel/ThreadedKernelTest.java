package storyloom.model.nn.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static storyloom.model.nn.kernel.Matrices.random;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleBiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The loops give the same bits on one, two and three threads. */
class ThreadedKernelTest {

  private static final int ROWS = 150;
  private static final int WIDTH = 1024;

  private interface Loop extends ToDoubleBiFunction<Kernel, Matrix[]> {}

  @AfterEach
  void backToOne() {
    NativeThreads.set(1);
  }

  private static int[] ids(int limit) {
    return new Random(5).ints(ROWS, 0, limit).toArray();
  }

  private static final AdamStep ADAM = AdamStep.of(0.01, 0.9, 0.999, 1e-8, 3);

  /** Parameters and mean squares are one matrix, gradient and means the other. */
  private static AdamTensor adam(Matrix one, Matrix other) {
    return new AdamTensor(one, other, other, one);
  }

  private static Arguments loop(String name, Loop loop) {
    return Arguments.of(name, loop);
  }

  private static double nothing(Runnable work) {
    work.run();
    return 0;
  }

  static List<Arguments> loops() {
    DropoutStream stream = new DropoutStream(9, 0.3);
    int quarter = WIDTH / 4;
    return List.of(
        loop("clear", (k, m) -> nothing(() -> k.clear(m[0]))),
        loop("copy", (k, m) -> nothing(() -> k.copy(m[0], m[1]))),
        loop("add", (k, m) -> nothing(() -> k.add(m[0], m[1]))),
        loop("adam", (k, m) -> nothing(() -> k.adam(adam(m[0], m[1]), 0.7, ADAM))),
        loop("adam of a flat array", (k, m) -> nothing(() -> k.adam(adam(m[3], m[3]), 0.7, ADAM))),
        loop(
            "adamWithoutGradient",
            (k, m) -> nothing(() -> k.adamWithoutGradient(adam(m[0], m[1]), List.of(ADAM, ADAM)))),
        loop("squaredNorm", (k, m) -> k.squaredNorm(m[0])),
        loop("squaredNorm of a flat array", (k, m) -> k.squaredNorm(m[3])),
        loop("addColumnSums", (k, m) -> nothing(() -> k.addColumnSums(m[0], m[2]))),
        loop("gatherRows", (k, m) -> nothing(() -> k.gatherRows(m[0], ids(ROWS), m[1]))),
        loop("scatterAddRows", (k, m) -> nothing(() -> k.scatterAddRows(m[0], ids(9), m[1]))),
        loop("dropout", (k, m) -> nothing(() -> k.dropout(m[0], stream))),
        loop("dropout of rows", (k, m) -> nothing(() -> k.dropoutRows(m[0], ids(9), stream))),
        loop("dropout by row", (k, m) -> nothing(() -> k.dropout(m[0], ids(9), stream))),
        loop("tanhOfSum", (k, m) -> nothing(() -> k.tanhOfSum(m[0], m[2], m[1]))),
        loop("tanhBackward", (k, m) -> nothing(() -> k.tanhBackward(m[0], m[1]))),
        loop("softmax", (k, m) -> nothing(() -> k.softmax(m[0]))),
        loop("softmaxBackward", (k, m) -> nothing(() -> k.softmaxBackward(m[0], m[1]))),
        loop("addBias", (k, m) -> k.addBias(m[0], m[2])[ROWS - 1]),
        loop("logSums", (k, m) -> k.logSums(m[0])[ROWS - 1]),
        loop(
            "softmaxCrossEntropy",
            (k, m) -> k.softmaxCrossEntropy(m[0], m[2], ids(WIDTH), 0.5).nll()),
        loop(
            "lstmForward",
            (k, m) ->
                nothing(
                    () ->
                        k.lstmForward(
                            m[0],
                            m[2],
                            m[1].columns(0, quarter),
                            m[1].columns(quarter, 2 * quarter),
                            m[1].columns(2 * quarter, 3 * quarter)))),
        loop(
            "lstmBackward",
            (k, m) ->
                nothing(
                    () ->
                        k.lstmBackward(
                            m[0],
                            m[1].columns(0, quarter),
                            m[1].columns(quarter, 2 * quarter),
                            m[1].columns(2 * quarter, 3 * quarter),
                            m[1].columns(3 * quarter, WIDTH)))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("loops")
  void theNumberOfThreadsDoesNotChangeABit(String name, Loop loop) {
    List<float[]> expected = run(loop, 1);

    for (int threads = 2; threads <= 3; threads++) {
      List<float[]> actual = run(loop, threads);
      for (int i = 0; i < expected.size(); i++) {
        assertThat(actual.get(i)).as("%s on %d threads", name, threads).isEqualTo(expected.get(i));
      }
    }
  }

  /** All rows of all matrices after the loop, and what it returned. */
  private static List<float[]> run(Loop loop, int threads) {
    NativeThreads.set(threads);
    Matrix[] matrices = {
      random(1, ROWS, WIDTH), random(2, ROWS, WIDTH), random(3, 1, WIDTH), random(4, 1, 300_001)
    };
    double returned = loop.applyAsDouble(Kernel.of(matrices[0]), matrices);
    List<float[]> rows = new ArrayList<>();
    rows.add(new float[] {(float) returned, (float) (returned - (float) returned)});
    for (Matrix matrix : matrices) {
      for (int row = 0; row < matrix.rows(); row++) {
        float[] numbers = new float[matrix.columns()];
        matrix.copyRow(row, numbers);
        rows.add(numbers);
      }
    }
    return rows;
  }
}
