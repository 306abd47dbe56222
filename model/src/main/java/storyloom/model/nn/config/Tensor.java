package storyloom.model.nn.config;

/**
 * One tensor that a layer learns. {@link Seq2SeqTensors} lists those of every layer; graph, initial
 * weights, bundle and decoder read them there.
 *
 * @param name within its layer, such as {@code input_weight}
 * @param start what its numbers are before the first update
 * @param shape matrices are [in,out], embeddings [V,E]
 */
public record Tensor(String name, Start start, long... shape) {

  /** The matrix [in,out] of a linear map, whose fan is the width of its input. */
  static Tensor map(String name, long in, long out) {
    return new Tensor(name, Start.uniform(in), in, out);
  }

  /** How many numbers it holds. */
  public long length() {
    long length = 1;
    for (long size : shape) {
      length = Math.multiplyExact(length, size);
    }
    return length;
  }

  /**
   * What DL4J knows it by. DL4J puts a layer's name and {@code _} before it and takes them apart at
   * the last {@code _}, so there is none in here.
   */
  public String key() {
    return key(name);
  }

  /** {@link #key} of the tensor of this name. */
  public static String key(String name) {
    return name.replace('_', '-');
  }

  /** A tensor's name in the whole model, by its layer and {@link #key}. */
  public static String ofKey(String layer, String key) {
    return layer + "." + key.replace('-', '_');
  }

  /** The same tensor by its name in the whole model, which begins with its layer's. */
  Tensor of(String layer) {
    return new Tensor(layer + "." + name, start, shape);
  }
}
