package storyloom.model.text;

import java.io.Serializable;
import java.util.Objects;

/**
 * How often a token occurs in the training split.
 *
 * @param token a token, not empty
 * @param count occurrences, at least 0
 */
public record TokenCount(String token, long count) implements Serializable {

  public TokenCount {
    Objects.requireNonNull(token, "token");
    if (token.isEmpty() || count < 0) {
      throw new IllegalArgumentException(
          "a token must not be empty and its count not negative, not '" + token + "' and " + count);
    }
  }
}
