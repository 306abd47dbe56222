package storyloom.model.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.Pointer;
import storyloom.model.nn.config.Optimisation;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.kernel.NativeThreads;
import storyloom.model.nn.layer.Minibatch;

/**
 * The process that {@link OffHeapTest} watches. Its Java heap is resident from the start and ND4J
 * frees nothing for being garbage, so its memory grows by arrays that are left open.
 */
final class OffHeapWatch {

  static final int EPOCHS = 10;
  static final int GRAPHS = 6;

  private static final int ROWS = 512;
  private static final int MINIBATCHES = 12;
  private static final Optimisation OPTIMISATION = new Optimisation(0.01, 5, 1);

  private OffHeapWatch() {}

  /** Prints a line after each epoch and each graph: resident and counted bytes. */
  public static void main(String[] arguments) {
    NativeThreads.set(1);
    epochs();
    graphs();
  }

  private static void epochs() {
    try (Seq2SeqGraph model =
        Seq2SeqGraph.create(new Seq2SeqConfig(40, 12, 12, 0.1), OPTIMISATION)) {
      for (int epoch = 0; epoch < EPOCHS; epoch++) {
        minibatches().forEach(model::fit);
        minibatches().forEach(model::score);
        report();
      }
    }
  }

  /** A story's ids and activations take 100 to 200 kB each, and change their shapes. */
  private static List<Minibatch> minibatches() {
    List<Minibatch> minibatches = new ArrayList<>();
    for (int i = 0; i < MINIBATCHES; i++) {
      int longest = 80 - 3 * i;
      int[] prompts = IntStream.range(0, ROWS).map(row -> 1 + row % 4).toArray();
      int[] stories =
          IntStream.range(0, ROWS).map(row -> row == 0 ? longest : 1 + row % 12).toArray();
      minibatches.add(Batches.of(i, 40, prompts, stories));
    }
    return minibatches;
  }

  /** Each of 42 MB: parameters, gradients and moments. */
  private static void graphs() {
    for (int graph = 0; graph < GRAPHS; graph++) {
      try (Seq2SeqGraph model =
          Seq2SeqGraph.create(new Seq2SeqConfig(40_000, 16, 16, 0), OPTIMISATION)) {
        model.fit(Batches.of(1, 40_000, new int[] {3}, new int[] {4}));
      }
      report();
    }
  }

  private static void report() {
    System.out.println(Pointer.physicalBytes() + " " + Pointer.totalBytes());
  }
}
