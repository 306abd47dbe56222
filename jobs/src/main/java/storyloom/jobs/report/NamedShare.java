package storyloom.jobs.report;

import java.util.List;
import java.util.regex.Pattern;

/** Counts the stories that name what their prompt is about. */
public final class NamedShare {

  private long rows;
  private long named;

  /**
   * Counts one story.
   *
   * @param story null if there is none
   * @param words that it should name, each as a whole word, in whatever case
   */
  public void add(String story, List<String> words) {
    rows++;
    if (story != null && words.stream().allMatch(word -> names(story, word))) {
      named++;
    }
  }

  private static boolean names(String story, String word) {
    return Pattern.compile(
            "(?<![\\p{L}\\p{N}])" + Pattern.quote(word) + "(?![\\p{L}\\p{N}])",
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE)
        .matcher(story)
        .find();
  }

  /** Share of the stories that name all their words; NaN without stories. */
  public double share() {
    return (double) named / rows;
  }
}
