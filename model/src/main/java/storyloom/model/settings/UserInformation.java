package storyloom.model.settings;

import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The user's name and password in a URI: {@code ann:secret} in {@code ftp://ann:secret@host/}. */
public final class UserInformation {

  private static final Pattern AUTHORITY =
      Pattern.compile("([A-Za-z][A-Za-z0-9+.-]{0,31})://([^/?#\\s]*)@"); // bounded for its time

  /** Of Azure: what comes before the @ is a container. */
  private static final Set<String> CONTAINERS = Set.of("abfs", "abfss", "wasb", "wasbs");

  private UserInformation() {}

  /**
   * The text with all its URIs as they are without user information, which is up to the last
   * {@code @} of what names the host.
   *
   * @param text a URI, or what may hold some, such as a list or a message
   */
  public static String removedFrom(String text) {
    return AUTHORITY.matcher(text).replaceAll(UserInformation::kept);
  }

  private static String kept(MatchResult uri) {
    String scheme = uri.group(1);
    boolean isContainer =
        CONTAINERS.contains(scheme.toLowerCase(Locale.ROOT)) && !uri.group(2).contains(":");
    return Matcher.quoteReplacement(isContainer ? uri.group() : scheme + "://");
  }
}
