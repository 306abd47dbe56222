package storyloom.model.text.filter;

import java.util.regex.Pattern;
import storyloom.model.text.clean.TextSide;

/**
 * Rejects what sites show in place of a text that its author or a moderator took away: {@code
 * [deleted]}, {@code [removed by moderator]}. Such a text holds nothing else.
 */
final class DeletedRule implements RejectionRule {

  private static final int LONGEST = 60;
  private static final Pattern NOTICE =
      Pattern.compile(
          "(?i)[\\[(]?\\s?(?:deleted|removed)(?: by (?:user|the user|author|the author|moderators?"
              + "|the moderators?|reddit|op))?\\s?[\\])]?\\.?");

  @Override
  public String name() {
    return "deleted";
  }

  @Override
  public boolean rejects(String cleaned, TextSide side) {
    return cleaned.length() <= LONGEST && NOTICE.matcher(cleaned).matches();
  }
}
