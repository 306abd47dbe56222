package storyloom.model.eval;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whom a text is about, by its pronouns. */
enum Person {
  FIRST("i", "me", "my", "mine", "myself", "we", "us", "our", "ours", "ourselves"),
  HE("he", "him", "his", "himself"),
  SHE("she", "her", "hers", "herself"),
  THEY("they", "them", "their", "theirs", "themselves");

  private final Set<String> pronouns;

  Person(String... pronouns) {
    this.pronouns = Set.of(pronouns);
  }

  /**
   * The person that most pronouns of a text are of, of several the one that comes first; empty
   * where there is no pronoun.
   *
   * @param words as {@link StoryStatistics#words} finds them
   */
  static Optional<Person> of(List<String> words) {
    return words.stream()
        .flatMap(word -> Arrays.stream(values()).filter(person -> person.has(word)))
        .distinct()
        .reduce((best, other) -> other.count(words) > best.count(words) ? other : best);
  }

  /** Whether no person has more pronouns in a text than this one, which has some. */
  boolean leads(List<String> words) {
    long own = count(words);
    return own > 0 && Arrays.stream(values()).allMatch(other -> other.count(words) <= own);
  }

  private long count(List<String> words) {
    return words.stream().filter(this::has).count();
  }

  /** Also of what is contracted: {@code i'm}, {@code she’d}. */
  private boolean has(String word) {
    return pronouns.contains(word.split("['’]", 2)[0]);
  }
}
