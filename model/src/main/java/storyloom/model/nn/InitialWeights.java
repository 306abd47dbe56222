package storyloom.model.nn;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import java.util.stream.DoubleStream;
import java.util.zip.CRC32C;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.config.Seq2SeqTensors;
import storyloom.model.nn.config.Tensor;

/**
 * The weights that training starts from, as {@link Seq2SeqTensors} says: as PyTorch draws them
 * where the model is one of LSTMs, embeddings normal (0, 1), all else uniform in ±1/√fan, with the
 * LSTM's own H or the width of a linear layer's input; as GPT-2 has them in a Transformer. Each
 * tensor has a random stream of its own, named by the seed and the tensor, so another tensor
 * changes nothing.
 */
public final class InitialWeights {

  /** Numbers drawn together. */
  private static final int PART = 1 << 16;

  private InitialWeights() {}

  /**
   * Fills all tensors.
   *
   * @param weights by bundle name, as {@link Seq2SeqGraph#weights} gives them
   * @param config the sizes
   * @param seed any number
   */
  public static void fill(Map<String, INDArray> weights, Seq2SeqConfig config, long seed) {
    SortedMap<String, Tensor> tensors = Seq2SeqTensors.of(config);
    if (config.tiedEmbeddings()) {
      // the same array as the weight of the prompt embedding
      tensors.remove(Seq2SeqTensors.name(Seq2SeqTensors.STORY_EMBEDDING, Seq2SeqTensors.WEIGHT));
    }
    tensors.forEach(
        (name, tensor) -> {
          SplittableRandom random = stream(seed, name);
          double size = tensor.start().size();
          assign(
              weights.get(name),
              switch (tensor.start().kind()) {
                case UNIFORM -> () -> (2 * random.nextDouble() - 1) * size;
                case NORMAL -> () -> gaussian(random) * size;
                case CONSTANT -> () -> size;
              });
        });
  }

  private static SplittableRandom stream(long seed, String name) {
    CRC32C hash = new CRC32C();
    hash.update(name.getBytes(StandardCharsets.UTF_8));
    return new SplittableRandom(seed ^ (hash.getValue() << 32));
  }

  /**
   * Box and Muller's transform; SplittableRandom has no stable normal draw on all Java versions.
   */
  private static double gaussian(SplittableRandom random) {
    double radius = Math.sqrt(-2 * Math.log(1 - random.nextDouble()));
    return radius * Math.cos(2 * Math.PI * random.nextDouble());
  }

  /** In parts, so that no copy of a whole embedding ever stands in memory. */
  private static void assign(INDArray tensor, DoubleSupplier draw) {
    INDArray flat = tensor.reshape(tensor.length());
    for (long from = 0; from < flat.length(); from += PART) {
      long to = Math.min(from + PART, flat.length());
      double[] numbers = DoubleStream.generate(draw).limit(to - from).toArray();
      try (INDArray drawn = Nd4j.createFromArray(numbers)) {
        flat.get(NDArrayIndex.interval(from, to)).assign(drawn);
      }
    }
  }
}
