package storyloom.model.nn.config;

import java.util.Locale;

/** How a decoder state d [H] is compared with an encoder output e [H]. */
public enum AttentionKind {
  /** No attention: the output layer sees the decoder alone. */
  NONE,
  /** d·e (Luong, Pham and Manning 2015, "dot"). */
  DOT,
  /** d·W·e (Luong, Pham and Manning 2015, "general"). */
  GENERAL,
  /** v·tanh(d·Q + e·K) (Bahdanau, Cho and Bengio 2015). */
  ADDITIVE;

  /** As reference.conf and bundle.json spell it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The reverse of {@link #toString}. */
  public static AttentionKind of(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }
}
