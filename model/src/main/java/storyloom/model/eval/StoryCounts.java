package storyloom.model.eval;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is counted of one story; {@link StoryStatistics} says what the shares mean, which are those
 * of all stories together.
 *
 * @param words how many it has
 * @param repeatedFourGrams of its four words in a row those that it had before
 * @param promptWords of its prompt's long words those that it has
 * @param personKept whether it is about the person of its prompt; of nothing where the prompt is
 *     about nobody
 */
public record StoryCounts(int words, Share repeatedFourGrams, Share promptWords, Share personKept) {

  private static final int GRAM = 4;

  /** Letters of a prompt's words that count. */
  private static final int SHORTEST = 4;

  /** Counts a story. */
  public static StoryCounts of(String prompt, String story) {
    List<String> words = StoryStatistics.words(story);
    return new StoryCounts(
        words.size(), repeated(words), found(longWords(prompt), words), kept(prompt, words));
  }

  private static Share repeated(List<String> words) {
    Set<List<String>> seen = new HashSet<>();
    long repeated = 0;
    int all = Math.max(0, words.size() - GRAM + 1);
    for (int i = 0; i < all; i++) {
      repeated += seen.add(words.subList(i, i + GRAM)) ? 0 : 1;
    }
    return new Share(repeated, all);
  }

  /** The words of a prompt that tell what it is about. */
  static Set<String> longWords(String prompt) {
    return StoryStatistics.words(prompt).stream()
        .filter(word -> word.codePointCount(0, word.length()) >= SHORTEST)
        .collect(Collectors.toSet());
  }

  /** Those of a prompt's words that are among a story's. */
  static Share found(Set<String> wanted, List<String> words) {
    Set<String> story = Set.copyOf(words);
    return new Share(wanted.stream().filter(story::contains).count(), wanted.size());
  }

  private static Share kept(String prompt, List<String> story) {
    Optional<Person> person = Person.of(StoryStatistics.words(prompt));
    return person.map(each -> Share.of(each.leads(story))).orElse(Share.NONE);
  }
}
