package storyloom.model.nn.config;

import java.util.Locale;

/** What encoder and decoder are made of. */
public enum ModelKind {
  /** LSTMs, and one attention over the encoder's outputs (Luong, Pham and Manning 2015). */
  LSTM,
  /** Blocks of attention and feed-forward layers (Vaswani et al. 2017). */
  TRANSFORMER;

  /** As reference.conf spells it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The reverse of {@link #toString}. */
  public static ModelKind of(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }
}
