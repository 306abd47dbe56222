package storyloom.model.eval;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

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
 * @param promptWords share of a prompt's words of at least {@value #SHORTEST} letters that its
 *     story has
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

  private static final int SHORTEST = 4;

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
    List<Set<String>> wanted = prompts.stream().map(StoryStatistics::longWords).toList();
    return new StoryStatistics(
        stories.size(),
        words.stream().mapToInt(List::size).average().orElse(Double.NaN),
        distinct(words, 1),
        distinct(words, 2),
        distinct(words, 3),
        repeated(words),
        found(wanted, words, 0),
        found(wanted, words, 1),
        personKept(prompts.stream().map(StoryStatistics::words).toList(), words));
  }

  /** All words of a text, in order, whatever tokenizer a model has. */
  public static List<String> words(String text) {
    return WORD.matcher(text).results().map(word -> word.group().toLowerCase(Locale.ROOT)).toList();
  }

  private static Set<String> longWords(String prompt) {
    return words(prompt).stream()
        .filter(word -> word.codePointCount(0, word.length()) >= SHORTEST)
        .collect(Collectors.toSet());
  }

  private static double personKept(List<List<String>> prompts, List<List<String>> stories) {
    long all = 0;
    long kept = 0;
    for (int i = 0; i < prompts.size(); i++) {
      Optional<Person> person = Person.of(prompts.get(i));
      if (person.isPresent()) {
        all++;
        kept += person.get().leads(stories.get(i)) ? 1 : 0;
      }
    }
    return (double) kept / all;
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

  private static double repeated(List<List<String>> stories) {
    int n = 4;
    long all = 0;
    long repeated = 0;
    for (List<String> words : stories) {
      Set<List<String>> seen = new HashSet<>();
      for (int i = 0; i + n <= words.size(); i++) {
        repeated += seen.add(words.subList(i, i + n)) ? 0 : 1;
        all++;
      }
    }
    return (double) repeated / all;
  }

  /** The share of words that stand in the story so many places before their prompt's own. */
  private static double found(List<Set<String>> prompts, List<List<String>> stories, int shift) {
    long all = 0;
    long found = 0;
    for (int i = 0; i < stories.size(); i++) {
      Set<String> story = Set.copyOf(stories.get(i));
      for (String word : prompts.get((i + shift) % prompts.size())) {
        all++;
        found += story.contains(word) ? 1 : 0;
      }
    }
    return (double) found / all;
  }
}
