package storyloom.bench.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import storyloom.bench.grammar.CorpusWriter.CorpusSize;
import storyloom.bench.grammar.PairGenerator.StoryLength;
import storyloom.bench.grammar.PairGenerator.StoryPair;
import storyloom.pipeline.corpus.read.Split;

/** What the corpus in data/ promises, checked on the pairs it is made of. */
class PairGeneratorTest {

  private static final Grammar GRAMMAR = Grammar.ofStories();
  private static final CorpusSize SIZE = new CorpusSize(5000);
  private static final Map<Split, List<StoryPair>> CORPUS = corpus(1);
  private static final Pattern WORD = Pattern.compile("[a-z]+");

  @Test
  void thereAreManyHeroesObjectsPlacesAndWishes() {
    assertThat(words("hero"))
        .hasSizeGreaterThanOrEqualTo(60)
        .doesNotHaveDuplicates()
        .allMatch(word -> word.matches("[a-z]+"));
    assertThat(words("object"))
        .hasSizeGreaterThanOrEqualTo(60)
        .doesNotHaveDuplicates()
        .allMatch(word -> word.matches("[a-z]+"));
    assertThat(words("place"))
        .hasSizeGreaterThanOrEqualTo(20)
        .doesNotHaveDuplicates()
        .allMatch(word -> word.matches("[a-z]+"));
    assertThat(words("wish")).hasSizeGreaterThanOrEqualTo(20).doesNotHaveDuplicates();
  }

  @Test
  void promptAndStoryNameHeroObjectPlaceAndWish() {
    assertThat(all())
        .allSatisfy(
            pair -> {
              for (String text : List.of(pair.prompt(), pair.story())) {
                assertThat(wordsOf(text)).contains(pair.hero(), pair.object(), pair.place());
              }
              assertThat(pair.prompt()).contains(pair.wish());
              assertThat(pair.story())
                  .matches(
                      story -> story.contains(pair.wish()) || story.contains(pair.fulfilment()),
                      pair.wish());
            });
  }

  @Test
  void noOtherHeroOrObjectIsNamed() {
    Set<String> names = new HashSet<>(words("hero"));
    names.addAll(words("object"));
    assertThat(all())
        .allSatisfy(
            pair -> {
              Set<String> named = wordsOf(pair.prompt() + " " + pair.story());
              named.retainAll(names);
              assertThat(named).containsExactlyInAnyOrder(pair.hero(), pair.object());
            });
  }

  @Test
  void heroAndObjectStandAtManyPlacesOfTheStory() {
    assertThat(
            CORPUS.get(Split.TRAIN).stream()
                .map(pair -> position(pair, pair.hero()))
                .distinct()
                .count())
        .isGreaterThanOrEqualTo(8);
    assertThat(
            CORPUS.get(Split.TRAIN).stream()
                .map(pair -> position(pair, pair.object()))
                .distinct()
                .count())
        .isGreaterThanOrEqualTo(8);
  }

  @Test
  void noHeroMeetsTheSameObjectInTwoSplits() {
    Set<String> train = meetings(Split.TRAIN);
    assertThat(meetings(Split.TEST)).doesNotContainAnyElementsOf(train);
    assertThat(meetings(Split.VALID))
        .doesNotContainAnyElementsOf(train)
        .doesNotContainAnyElementsOf(meetings(Split.TEST));
  }

  @Test
  void splitsOfAnotherSeedDoNotLeakEither() {
    Set<String> train =
        corpus(2).get(Split.TRAIN).stream()
            .map(PairGeneratorTest::meeting)
            .collect(Collectors.toSet());
    assertThat(meetings(Split.TEST)).doesNotContainAnyElementsOf(train);
  }

  @Test
  void everyHeroAndObjectOccursOftenInTrainAndAlsoInTest() {
    for (Function<StoryPair, String> name :
        List.<Function<StoryPair, String>>of(StoryPair::hero, StoryPair::object)) {
      Map<String, Long> counts =
          CORPUS.get(Split.TRAIN).stream()
              .collect(Collectors.groupingBy(name, Collectors.counting()));
      assertThat(counts.values()).hasSize(64).allMatch(count -> count >= 40);
      assertThat(CORPUS.get(Split.TEST).stream().map(name).distinct().count()).isGreaterThan(50);
    }
  }

  @Test
  void testPromptsAreAllDifferent() {
    assertThat(CORPUS.get(Split.TEST)).extracting(StoryPair::prompt).doesNotHaveDuplicates();
  }

  @Test
  void storiesHaveTwentyFiveToFortyFiveWordsInThreeToFiveSentences() {
    assertThat(all())
        .allSatisfy(
            pair -> {
              assertThat(StoryLength.words(pair.story())).isBetween(25, 45);
              assertThat(pair.story().chars().filter(c -> c == '.').count()).isBetween(3L, 5L);
              assertThat(pair.prompt().chars().filter(c -> c == '.').count()).isBetween(1L, 2L);
            });
  }

  @Test
  void someStoriesHaveAParagraphBreakAndSomeHaveNone() {
    assertThat(CORPUS.get(Split.TEST))
        .anyMatch(pair -> pair.story().contains(" <newline> "))
        .anyMatch(pair -> !pair.story().contains("<newline>"));
  }

  @Test
  void articlesAgree() {
    Pattern article = Pattern.compile("\\b(an?) ([a-z]+)", Pattern.CASE_INSENSITIVE);
    for (StoryPair pair : all()) {
      Matcher match = article.matcher(pair.prompt() + " " + pair.story());
      while (match.find()) {
        String next = match.group(2);
        boolean vowelSound =
            next.equals("hourglass")
                || ("aeiou".indexOf(next.charAt(0)) >= 0 && !next.equals("unicorn"));
        assertThat(match.group(1)).as(match.group()).isEqualToIgnoringCase(vowelSound ? "an" : "a");
      }
    }
  }

  @Test
  void textsArePlainSentences() {
    Pattern sentences =
        Pattern.compile("(?:\"?[A-Z][a-z]*(?:,?\"? [a-z]+)*\\.(?: <newline>)?(?: |$))+");
    assertThat(all())
        .allSatisfy(
            pair -> {
              assertThat(pair.prompt()).matches(sentences);
              assertThat(pair.story()).matches(sentences);
            });
  }

  @Test
  void theVocabularyIsSmall() {
    assertThat(
            all().stream()
                .flatMap(pair -> wordsOf(pair.prompt() + " " + pair.story()).stream())
                .distinct()
                .count())
        .isLessThanOrEqualTo(1200);
  }

  @Test
  void theSameSeedGivesTheSamePairsAndAnotherSeedGivesOthers() {
    assertThat(corpus(1)).isEqualTo(CORPUS);
    assertThat(corpus(2).get(Split.VALID)).isNotEqualTo(CORPUS.get(Split.VALID));
  }

  @Test
  void storiesGrowLongerWithTheirIncidents() {
    StoryLength length = new StoryLength(2, 3, 50, 70);

    assertThat(new PairGenerator(GRAMMAR, length, 1).pairs(Split.TRAIN).limit(500))
        .extracting(StoryPair::story)
        .allMatch(length::fits)
        .doesNotHaveDuplicates();
  }

  @Test
  void paragraphBreaksAreNotWords() {
    assertThat(StoryLength.words("One two. <newline> Three.")).isEqualTo(3);
  }

  @Test
  void aLengthThatTheGrammarCannotMeetIsAnErrorThatNamesIt() {
    PairGenerator generator = new PairGenerator(GRAMMAR, new StoryLength(0, 0, 500, 600), 1);

    assertThatThrownBy(() -> generator.pairs(Split.TRAIN).findFirst())
        .hasMessageContaining("minWords=500");
    assertThatThrownBy(() -> new StoryLength(1, 0, 1, 2))
        .hasMessage("a story cannot have 1 to 0 incidents and 1 to 2 words");
  }

  private static Map<Split, List<StoryPair>> corpus(long seed) {
    PairGenerator generator = new PairGenerator(GRAMMAR, StoryLength.SHORT, seed);
    Map<Split, List<StoryPair>> corpus = new EnumMap<>(Split.class);
    for (Split split : Split.values()) {
      corpus.put(split, generator.pairs(split).limit(SIZE.pairs(split)).toList());
    }
    return corpus;
  }

  private static List<StoryPair> all() {
    return CORPUS.values().stream().flatMap(List::stream).toList();
  }

  private static List<String> words(String table) {
    return GRAMMAR.rows(table).stream().map(row -> row.get(table)).toList();
  }

  private static Set<String> wordsOf(String text) {
    return WORD.matcher(text.toLowerCase(Locale.ROOT))
        .results()
        .map(match -> match.group())
        .collect(Collectors.toSet());
  }

  private static int position(StoryPair pair, String word) {
    return Arrays.asList(pair.story().split("[^A-Za-z]+")).indexOf(word);
  }

  private static Set<String> meetings(Split split) {
    return CORPUS.get(split).stream().map(PairGeneratorTest::meeting).collect(Collectors.toSet());
  }

  private static String meeting(StoryPair pair) {
    return pair.hero() + " and " + pair.object();
  }
}
