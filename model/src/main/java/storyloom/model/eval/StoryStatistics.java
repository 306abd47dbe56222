package storyloom.model.eval;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a set of stories looks like from outside, whoever wrote them. Words are runs of letters and
 * digits in lower case; punctuation counts for nothing. A share of nothing is NaN.
 *
 * @param stories how many there are
 * @param wordsPerStory their mean length
 * @param distinct1 different words by all words of all stories (Li et al. 2016)
 * @param distinct2 the same of two words in a row within a story
 * @param distinct3 the same of three words in a row
 * @param repeatedFourGrams share of four words in a row that stood in the same story before
 * @param promptWords share of a prompt's words of at least four letters that its story has
 * @param otherPromptWords the same by another story's prompt: what comes by chance
 * @param personKept share of stories that are about the person that their prompt is about, of those
 *     whose prompts have a pronoun: no other person has more pronouns in the story
 */
public record StoryStatistics(
    int stories,
    double wordsPerStory,
    double distinct1,
    double distinct2,
    double distinct3,
    double repeatedFourGrams,
    double promptWords,
    double otherPromptWords,
    double personKept) {

  /** Runs of letters and digits, an apostrophe between letters included. */
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}\\p{N}]+(?:['’]\\p{L}+)*");

  /**
   * Counts stories.
   *
   * @param prompts in an order that has nothing to do with what they say: the prompt after a
   *     story's own is taken for the other one
   * @param stories cleaned or written text, one for each prompt
   */
  public static StoryStatistics of(List<String> prompts, List<String> stories) {
    if (prompts.size() != stories.size()) {
      throw new IllegalArgumentException(
          prompts.size() + " prompts cannot belong to " + stories.size() + " stories");
    }
    List<List<String>> words = stories.stream().map(StoryStatistics::words).toList();
    List<StoryCounts> counts =
        IntStream.range(0, stories.size())
            .mapToObj(i -> StoryCounts.of(prompts.get(i), stories.get(i)))
            .toList();
    return new StoryStatistics(
        stories.size(),
        counts.stream().mapToInt(StoryCounts::words).average().orElse(Double.NaN),
        distinct(words, 1),
        distinct(words, 2),
        distinct(words, 3),
        sum(counts.stream().map(StoryCounts::repeatedFourGrams)),
        sum(counts.stream().map(StoryCounts::promptWords)),
        sum(
            IntStream.range(0, stories.size())
                .mapToObj(
                    i ->
                        StoryCounts.found(
                            StoryCounts.longWords(prompts.get((i + 1) % prompts.size())),
                            words.get(i)))),
        sum(counts.stream().map(StoryCounts::personKept)));
  }

  private static double sum(Stream<Share> shares) {
    return shares.reduce(Share.NONE, Share::plus).value();
  }

  /** All words of a text, in order, whatever tokenizer a model has. */
  public static List<String> words(String text) {
    return WORD.matcher(text).results().map(word -> word.group().toLowerCase(Locale.ROOT)).toList();
  }

  private static double distinct(List<List<String>> stories, int n) {
    Set<List<String>> seen = new HashSet<>();
    long all = 0;
    for (List<String> words : stories) {
      for (int i = 0; i + n <= words.size(); i++) {
        seen.add(words.subList(i, i + n));
        all++;
      }
    }
    return (double) seen.size() / all;
  }
}
