package storyloom.pipeline.corpus;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 of texts. */
final class Digests {

  private Digests() {}

  static byte[] of(String text) {
    return sha256().digest(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The digest of a pair; where the prompt ends and the story begins makes a difference. */
  static byte[] of(String prompt, String story) {
    MessageDigest digest = sha256();
    byte[] bytes = prompt.getBytes(StandardCharsets.UTF_8);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
    digest.update(bytes);
    return digest.digest(story.getBytes(StandardCharsets.UTF_8));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException absent) {
      throw new IllegalStateException("every Java platform has SHA-256", absent);
    }
  }
}
