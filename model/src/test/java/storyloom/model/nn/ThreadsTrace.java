package storyloom.model.nn;

import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.nd4j.linalg.api.ndarray.INDArray;
import storyloom.model.files.Sha256;
import storyloom.model.nn.config.AttentionKind;
import storyloom.model.nn.config.LearningRate;
import storyloom.model.nn.config.Optimisation;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.config.TransformerConfig;
import storyloom.model.nn.kernel.FlatFloats;
import storyloom.model.nn.kernel.NativeThreads;
import storyloom.model.nn.layer.Minibatch;

/**
 * The process that {@link ThreadsTest} starts: a kernel and a library of products are chosen once
 * for a JVM. Sizes are such that products, rows and loops are cut.
 */
final class ThreadsTrace {

  static final int MOST_THREADS = 4;

  private static final int VOCABULARY = 3000;
  private static final int SIZE = 64;
  private static final int UPDATES = 2;

  private ThreadsTrace() {}

  static Map<String, Seq2SeqConfig> models() {
    Map<String, Seq2SeqConfig> models = new LinkedHashMap<>();
    for (AttentionKind attention : AttentionKind.values()) {
      models.put("full, " + attention, config(attention, false, false, List.of()));
    }
    models.put("adaptive", config(AttentionKind.DOT, false, false, List.of(500, 1500)));
    models.put("tied", config(AttentionKind.GENERAL, false, true, List.of()));
    models.put("copying", OutputOptions.copying(VOCABULARY, SIZE, SIZE, false));
    models.put(
        "Transformer",
        Seq2SeqConfig.transformer(VOCABULARY, SIZE, 2, new TransformerConfig(4, 4 * SIZE), 0.2));
    models.put("bidirectional", config(AttentionKind.DOT, true, false, List.of(1000)));
    return models;
  }

  private static Seq2SeqConfig config(
      AttentionKind attention, boolean bidirectional, boolean tied, List<Integer> adaptive) {
    return new Seq2SeqConfig(
        VOCABULARY, SIZE, SIZE, 1, bidirectional, attention, tied, adaptive, false, 0.2, false);
  }

  /** Prints a line for each model and number of threads: the digest of the weights. */
  public static void main(String[] arguments) {
    boolean bfloat16 = arguments.length > 0;
    models()
        .forEach(
            (name, config) -> {
              for (int threads = 1; threads <= MOST_THREADS; threads++) {
                System.out.println(
                    name + "\t" + threads + "\t" + trained(config, threads, bfloat16));
              }
            });
  }

  private static String trained(Seq2SeqConfig config, int threads, boolean bfloat16) {
    NativeThreads.set(threads);
    Optimisation optimisation = new Optimisation(LearningRate.constant(0.01), 1, 0, 7, bfloat16);
    try (Seq2SeqGraph model = Seq2SeqGraph.create(config, optimisation)) {
      for (int update = 0; update < UPDATES; update++) {
        model.fit(minibatch(update));
      }
      INDArray weights = model.graph().params();
      MessageDigest digest = Sha256.digest();
      digest.update(FlatFloats.read(weights, 0, Math.toIntExact(weights.length())));
      return Sha256.hex(digest);
    }
  }

  private static Minibatch minibatch(int update) {
    int rows = 36;
    int[] prompts = new Random(update).ints(rows, 1, 12).toArray();
    int[] stories = new Random(-update).ints(rows, 0, 30).toArray();
    return Batches.of(update, VOCABULARY, prompts, stories);
  }
}
