package storyloom.model.text.token;

import com.ibm.icu.text.UTF16;
import java.io.Serializable;
import java.util.Comparator;
import java.util.Objects;

/**
 * How often a token occurs in the training split. The most frequent come first; of those as
 * frequent as each other, by token in code point order, which is also the byte order of UTF-8.
 *
 * @param token a token, not empty
 * @param count occurrences, at least 0
 */
public record TokenCount(String token, long count) implements Comparable<TokenCount>, Serializable {

  private static final Comparator<TokenCount> ORDER =
      Comparator.comparingLong(TokenCount::count)
          .reversed()
          .thenComparing(TokenCount::token, new UTF16.StringComparator(true, false, 0));

  public TokenCount {
    Objects.requireNonNull(token, "token");
    if (token.isEmpty() || count < 0) {
      throw new IllegalArgumentException(
          "a token must not be empty and its count not negative, not '" + token + "' and " + count);
    }
  }

  @Override
  public int compareTo(TokenCount other) {
    return ORDER.compare(this, other);
  }
}
