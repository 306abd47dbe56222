package storyloom.bench.kernel;

import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Kernel.Side;
import storyloom.model.nn.kernel.Matrix;

/** Attention of one story of 100 tokens over its prompt of 40, gathered from a packed batch. */
public class AttentionBenchmark extends KernelBenchmark {

  private Matrix packedStories;
  private Matrix packedPrompts;
  private Matrix decoder;
  private Matrix encoder;
  private Matrix weights;
  private Matrix gradient;
  private Matrix slopes;
  private Matrix context;
  private Matrix query;
  private Matrix tanh;
  private int[] storyTokens;
  private int[] promptTokens;

  @Override
  void setMatrices() {
    packedStories = matrix(TOKENS, HIDDEN);
    packedPrompts = matrix(BATCH * PROMPT, HIDDEN);
    decoder = matrix(STORY, HIDDEN);
    encoder = matrix(PROMPT, HIDDEN);
    weights = matrix(STORY, PROMPT);
    gradient = matrix(STORY, PROMPT);
    slopes = matrix(STORY, PROMPT);
    context = matrix(STORY, HIDDEN);
    query = matrix(1, HIDDEN);
    tanh = matrix(PROMPT, HIDDEN);
    storyTokens = IntStream.range(0, STORY).map(step -> step * BATCH).toArray();
    promptTokens = IntStream.range(0, PROMPT).map(step -> step * BATCH).toArray();
  }

  /** Scores by dot product, softmax and context, as forward does it for one pair. */
  @Benchmark
  public void dotForward() {
    Kernel kernel = kernel(weights);
    kernel.gatherRows(packedStories, storyTokens, decoder);
    kernel.gatherRows(packedPrompts, promptTokens, encoder);
    kernel.multiply(decoder, Side.PLAIN, encoder, Side.TRANSPOSED, 0, weights);
    kernel.softmax(weights);
    kernel.multiply(weights, Side.PLAIN, encoder, Side.PLAIN, 0, context);
    kernel.scatterRows(context, storyTokens, packedStories);
  }

  /** Of the scores, [100,40]. */
  @Benchmark
  public void softmax() {
    kernel(weights).softmax(weights);
  }

  /** A copy of 16 kB included. */
  @Benchmark
  public void softmaxBackward() {
    kernel(slopes).copy(gradient, slopes);
    kernel(slopes).softmaxBackward(weights, slopes);
  }

  /** One story token's additive scores, before the product with the vector. */
  @Benchmark
  public void tanhOfSum() {
    kernel(tanh).tanhOfSum(encoder, query, tanh);
  }

  /** A copy of 41 kB included. */
  @Benchmark
  public void tanhBackward() {
    kernel(tanh).copy(encoder, tanh);
    kernel(tanh).tanhBackward(encoder, tanh);
  }
}
