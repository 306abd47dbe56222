package storyloom.model.text.filter;

import java.util.regex.Pattern;
import storyloom.model.text.clean.TextSide;

/**
 * Rejects what programs post: they say so, or speak of the rules of a forum. A robot of a story
 * speaks of neither; what it may say as well tells in a text only that is short and quotes nobody.
 */
final class BotsRule implements RejectionRule {

  /** Longest text that may be a notice and nothing else. Unit: characters. */
  private static final int LONGEST_NOTICE = 600;

  private static final String REMOVED =
      "\\byour (?:submission|post|comment) (?:has been|was) (?:automatically )?removed";

  private static final Pattern SAYS_SO =
      Pattern.compile(
          "(?i)\\bI(?:'m| am) (?:just )?a (?:ro)?bot\\b(?=[^\\n]{0,60}\\b(?:this (?:action|comment|post|reply) was"
              + "|reddit|subreddit|the source is|github|downvote|upvote))"
              + "|\\bthis (?:comment|post|reply) was (?:performed |posted |written |made |generated )?"
              + "(?:automatically|by a bot)\\b"
              + "|\\bcontact the moderators of this subreddit\\b"
              + ("|"
                  + REMOVED
                  + "(?=[^\\n]{0,200}(?:\\b(?:breaks?|broke|violat\\w{2,4}|per|under) (?:\\w{1,12} ){0,3}rules?\\b"
                  + "|\\brule \\d|subreddit|\\breddit\\b|moderators|\\bmods\\b|(?<!\\S)/?r/\\w))")
              + "|\\bremindme! ?\\d|\\bwelcome to the prompt! all top-level\\b");

  /** What a program says of itself, and a robot may as well. */
  private static final Pattern MAY_SAY_SO =
      Pattern.compile(
          "(?i)\\bthis (?:action|message) was (?:performed |posted |written |made |generated )?"
              + "(?:automatically|by a bot)\\b"
              + "|\\bbeep boop\\b[^\\n]{0,80}\\b(?:my creator|i'm a bot|i am a bot)\\b"
              + "|\\bautomoderator\\b");

  @Override
  public String name() {
    return "bots";
  }

  @Override
  public boolean rejects(String cleaned, TextSide side) {
    return SAYS_SO.matcher(cleaned).find()
        || (cleaned.length() <= LONGEST_NOTICE
            && cleaned.indexOf('"') < 0
            && MAY_SAY_SO.matcher(cleaned).find());
  }
}
