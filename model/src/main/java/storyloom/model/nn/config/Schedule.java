package storyloom.model.nn.config;

import java.util.Locale;

/** How the learning rate changes while training, once warm-up is over. */
public enum Schedule {
  /** It stays. */
  CONSTANT,
  /** It falls with the root of the number of updates (Vaswani et al. 2017, §5.3). */
  INVERSE_SQRT,
  /** It is halved after an epoch without progress (PyTorch's {@code ReduceLROnPlateau}). */
  PLATEAU;

  /** As reference.conf spells it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The reverse of {@link #toString}. */
  public static Schedule of(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
  }
}
