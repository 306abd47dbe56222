package storyloom.pipeline.corpus;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.apache.commons.codec.digest.DigestUtils;

/** SHA-256 of texts. */
final class Digests {

  private Digests() {}

  static byte[] of(String text) {
    return DigestUtils.sha256(text);
  }

  /** The digest of a pair; where the prompt ends and the story begins makes a difference. */
  static byte[] of(String prompt, String story) {
    MessageDigest digest = DigestUtils.getSha256Digest();
    byte[] bytes = prompt.getBytes(StandardCharsets.UTF_8);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
    digest.update(bytes);
    return digest.digest(story.getBytes(StandardCharsets.UTF_8));
  }
}
