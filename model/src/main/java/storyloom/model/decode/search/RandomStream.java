package storyloom.model.decode.search;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.SplittableRandom;
import storyloom.model.files.Sha256;

/**
 * The random numbers of one row: a function of seed, prompt and key alone, so that its story does
 * not depend on where, when and beside whom it is written.
 */
public final class RandomStream {

  private final SplittableRandom random;

  private RandomStream(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /**
   * The stream named by SHA-256(seed ‖ prompt ‖ key): the seed as 8 bytes, highest first, the texts
   * as UTF-8; the first 8 bytes of the hash seed the stream.
   *
   * @param key tells rows of equal prompts apart; empty for none
   */
  public static RandomStream of(long seed, String prompt, String key) {
    MessageDigest hash = Sha256.digest();
    hash.update(ByteBuffer.allocate(Long.BYTES).putLong(seed).array());
    hash.update(prompt.getBytes(StandardCharsets.UTF_8));
    hash.update(key.getBytes(StandardCharsets.UTF_8));
    return new RandomStream(ByteBuffer.wrap(hash.digest()).getLong());
  }

  /** Uniform over [0, 1). */
  double next() {
    return random.nextDouble();
  }
}
