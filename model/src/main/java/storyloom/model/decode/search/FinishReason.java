package storyloom.model.decode.search;

import java.util.Locale;

/** Why a story ended. */
public enum FinishReason {
  /** The model wrote {@code <end>}. */
  END,
  /** The story reached its greatest length. */
  LENGTH,
  /** There is none: the prompt was rejected. */
  REJECTED;

  /** As it stands in stories.parquet: lower case. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
