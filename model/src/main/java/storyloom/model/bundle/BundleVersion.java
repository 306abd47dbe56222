package storyloom.model.bundle;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The name of a model: when it was made, and a part of its weights' hash. */
final class BundleVersion {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final int HASH_DIGITS = 8;

  private BundleVersion() {}

  /**
   * @param weightsSha256 SHA-256 of weights.safetensors in hex
   * @return for example {@code 20261122T155000-0a1b2c3d}
   */
  static String of(Instant createdAt, String weightsSha256) {
    return TIME.format(createdAt) + "-" + weightsSha256.substring(0, HASH_DIGITS);
  }
}
