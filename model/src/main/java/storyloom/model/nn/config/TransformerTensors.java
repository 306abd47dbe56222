package storyloom.model.nn.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The layers of a Transformer's blocks, and what each learns; blocks are numbered from 0, {@code
 * encoder.0} and so on. Linear maps have no bias, as in T5 and PaLM (Raffel et al. 2020; Chowdhery
 * et al. 2022). {@link Seq2SeqTensors} has the rest.
 *
 * <p>All starts are GPT-2's (Radford et al. 2019): matrices normal (0, 0.02²), and those whose
 * products are added to what passes through the blocks by √(2·layers) smaller, so that it does not
 * grow with their number.
 */
public final class TransformerTensors {

  /** Factor of each number of a token, after it is set to mean 0 and variance 1. */
  public static final String NORM_GAIN = "norm_gain";

  /** What is added to each number of a token then. */
  public static final String NORM_BIAS = "norm_bias";

  /** An attention's matrix to values; those to queries and keys are named as additive ones. */
  public static final String VALUE_WEIGHT = "value_weight";

  /** The matrix of a layer whose product is added to what came in. */
  public static final String OUTPUT_WEIGHT = "output_weight";

  static final double DEVIATION = 0.02;

  private static final String ENCODER = "encoder";
  private static final String DECODER = "decoder";

  private TransformerTensors() {}

  /** The layers of all blocks, and the norms behind the last ones, with their tensors. */
  static Map<String, List<Tensor>> of(Seq2SeqConfig config) {
    Map<String, List<Tensor>> all = new LinkedHashMap<>();
    for (int layer = 0; layer < config.layers(); layer++) {
      all.put(selfAttention(encoder(layer)), attention(config));
      all.put(feedForward(encoder(layer)), feedForward(config));
      all.put(selfAttention(decoder(layer)), attention(config));
      all.put(crossAttention(decoder(layer)), attention(config));
      all.put(feedForward(decoder(layer)), feedForward(config));
    }
    all.put(encoderNorm(), norm(config));
    all.put(decoderNorm(), norm(config));
    return all;
  }

  /** A block of the encoder. */
  public static String encoder(int layer) {
    return ENCODER + "." + layer;
  }

  /** A block of the decoder. */
  public static String decoder(int layer) {
    return DECODER + "." + layer;
  }

  /** The attention of a block to its own sequence. */
  public static String selfAttention(String block) {
    return block + ".self_attention";
  }

  /** The attention of a block to the encoder's outputs. */
  public static String crossAttention(String block) {
    return block + ".cross_attention";
  }

  /** The feed-forward network of a block. */
  public static String feedForward(String block) {
    return block + ".feed_forward";
  }

  /** The norm behind the encoder's last block. */
  public static String encoderNorm() {
    return ENCODER;
  }

  /** The norm behind the decoder's last block. */
  public static String decoderNorm() {
    return DECODER;
  }

  /** What a norm of a token's numbers learns. */
  public static List<Tensor> norm(Seq2SeqConfig config) {
    return List.of(
        new Tensor(NORM_GAIN, Start.constant(1), config.hidden()),
        new Tensor(NORM_BIAS, Start.constant(0), config.hidden()));
  }

  /** What an attention learns. */
  public static List<Tensor> attention(Seq2SeqConfig config) {
    int width = config.hidden();
    return behindNorm(
        config,
        inner(Seq2SeqTensors.QUERY_WEIGHT, width, width),
        inner(Seq2SeqTensors.KEY_WEIGHT, width, width),
        inner(VALUE_WEIGHT, width, width),
        outer(config, width));
  }

  /** What a feed-forward network learns. */
  public static List<Tensor> feedForward(Seq2SeqConfig config) {
    int inner = config.transformer().feedForward();
    return behindNorm(
        config, inner(Seq2SeqTensors.INPUT_WEIGHT, config.hidden(), inner), outer(config, inner));
  }

  private static List<Tensor> behindNorm(Seq2SeqConfig config, Tensor... tensors) {
    List<Tensor> all = new ArrayList<>(norm(config));
    all.addAll(List.of(tensors));
    return List.copyOf(all);
  }

  private static Tensor inner(String name, int in, int out) {
    return new Tensor(name, Start.normal(DEVIATION), in, out);
  }

  private static Tensor outer(Seq2SeqConfig config, int in) {
    double deviation = DEVIATION / Math.sqrt(2.0 * config.layers());
    return new Tensor(OUTPUT_WEIGHT, Start.normal(deviation), in, config.hidden());
  }
}
