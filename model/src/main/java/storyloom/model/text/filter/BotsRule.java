package storyloom.model.text.filter;

import java.util.regex.Pattern;
import storyloom.model.text.clean.TextSide;

/** Rejects what programs post: they say so, or speak of the rules of a forum. */
final class BotsRule implements RejectionRule {

  private static final Pattern SAYS_SO =
      Pattern.compile(
          "(?i)\\bI(?:'m| am) (?:just )?a (?:ro)?bot\\b(?=[^\\n]{0,80}\\b(?:automatic|action|contact|feedback"
              + "|message|github|source|creator|beep|link))"
              + "|\\bthis (?:action|comment|message|post|reply) was (?:performed |posted |written |made |generated )?"
              + "(?:automatically|by a bot)\\b"
              + "|\\bcontact the moderators of this subreddit\\b"
              + "|\\byour (?:submission|post|comment) (?:has been|was) (?:automatically )?removed\\b"
              + "|\\bautomoderator\\b|\\bbeep boop\\b|\\bremindme!|\\bwelcome to the prompt! all top-level\\b");

  @Override
  public String name() {
    return "bots";
  }

  @Override
  public boolean rejects(String cleaned, TextSide side) {
    return SAYS_SO.matcher(cleaned).find();
  }
}
