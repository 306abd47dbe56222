package storyloom.bench.grammar;

/**
 * How long stories are. Each incident is a sentence between a story's opening and its turn.
 *
 * @param minIncidents the fewest incidents
 * @param maxIncidents the most incidents
 * @param minWords the fewest words of a story
 * @param maxWords the most words of a story
 */
public record StoryLength(int minIncidents, int maxIncidents, int minWords, int maxWords) {

  /** Three to five sentences, 25 to 45 words: what a small model learns in minutes. */
  public static final StoryLength SHORT = new StoryLength(0, 1, 25, 45);

  /**
   * @throws IllegalArgumentException if a number is negative, or a fewest is more than its most
   */
  public StoryLength {
    if (minIncidents < 0 || minIncidents > maxIncidents || minWords < 0 || minWords > maxWords) {
      throw new IllegalArgumentException(
          "a story cannot have "
              + minIncidents
              + " to "
              + maxIncidents
              + " incidents and "
              + minWords
              + " to "
              + maxWords
              + " words");
    }
  }

  boolean fits(String story) {
    int words = Prose.words(story);
    return minWords <= words && words <= maxWords;
  }
}
