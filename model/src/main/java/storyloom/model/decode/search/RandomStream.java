package storyloom.model.decode.search;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import storyloom.model.files.Sha256;

/**
 * The random numbers of one row: a function of seed, prompt and key alone, so that its story does
 * not depend on where, when and beside whom it is written.
 */
public final class RandomStream {

  private final long seed;
  private final SplittableRandom random;

  private RandomStream(long seed, SplittableRandom random) {
    this.seed = seed;
    this.random = random;
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
    long first = ByteBuffer.wrap(hash.digest()).getLong();
    return new RandomStream(first, new SplittableRandom(first));
  }

  /**
   * Streams for several drafts of the row's story. The first is this one, so that the first draft
   * is the story that there would be alone; each of the others is the same however many there are.
   *
   * @param count at least 1
   */
  public List<RandomStream> drafts(int count) {
    SplittableRandom root = new SplittableRandom(seed);
    List<RandomStream> streams = new ArrayList<>(List.of(this));
    while (streams.size() < count) {
      streams.add(new RandomStream(seed, root.split()));
    }
    return streams;
  }

  /** Uniform over [0, 1). */
  double next() {
    return random.nextDouble();
  }
}
