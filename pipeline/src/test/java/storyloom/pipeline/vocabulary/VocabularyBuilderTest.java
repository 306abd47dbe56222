package storyloom.pipeline.vocabulary;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import storyloom.model.text.clean.TextCleaner;
import storyloom.model.text.token.TextSettings;
import storyloom.model.text.token.TokenCount;
import storyloom.model.text.token.Vocabulary;
import storyloom.pipeline.LocalSpark;
import storyloom.pipeline.ResultSizes;
import storyloom.pipeline.corpus.Pairs;

class VocabularyBuilderTest {

  private static final TextSettings SETTINGS =
      new TextSettings(TextCleaner.ruleNames(), "words", true, 64, 200);

  @Test
  void tokensOfPromptsAndStoriesAreCountedTogether() {
    Vocabulary vocabulary =
        VocabularyBuilder.build(
            Pairs.of("the cat|The dog saw the cat", "a dog|the end"), SETTINGS, 1, 100);

    assertThat(words(vocabulary))
        .containsExactly(
            new TokenCount("the", 4),
            new TokenCount("cat", 2),
            new TokenCount("dog", 2),
            new TokenCount("a", 1),
            new TokenCount("end", 1),
            new TokenCount("saw", 1));
  }

  @Test
  void rareTokensAreLeftOut() {
    assertThat(words(VocabularyBuilder.build(Pairs.of("b a|a b", "a|c"), SETTINGS, 2, 100)))
        .containsExactly(new TokenCount("a", 3), new TokenCount("b", 2));
  }

  @Test
  void ofTokensAsFrequentTheFirstInCodePointOrderStay() {
    // in UTF-16 the first of these two stands before the second, by code point behind it
    Dataset<Row> train = Pairs.of("\uD835\uDC00 \uFF41|z y x w");

    assertThat(words(VocabularyBuilder.build(train, SETTINGS, 1, 9)))
        .extracting(TokenCount::token)
        .containsExactly("w", "x", "y", "z", "\uFF41");
  }

  @Test
  void theLimitIncludesTheSpecialTokens() {
    Dataset<Row> train = Pairs.of("a b c|a b a");

    assertThat(VocabularyBuilder.build(train, SETTINGS, 1, 5).size()).isEqualTo(5);
    assertThat(VocabularyBuilder.build(train, SETTINGS, 1, 4).size()).isEqualTo(4);
  }

  @Test
  void theVocabularyDoesNotDependOnThePartitioning() {
    Dataset<Row> train =
        Pairs.of(
            IntStream.range(0, 200)
                .mapToObj(i -> "prompt " + i % 17 + "|word" + i % 23 + " word" + i % 5)
                .toArray(String[]::new));

    String hash = VocabularyBuilder.build(train.coalesce(1), SETTINGS, 2, 30).sha256();

    assertThat(VocabularyBuilder.build(train.repartition(7), SETTINGS, 2, 30).sha256())
        .isEqualTo(hash);
  }

  @Test
  void piecesAreLearnedFromTheCountsOfWords() {
    TextSettings bpe = new TextSettings(TextCleaner.ruleNames(), "bpe", true, 64, 200);
    Dataset<Row> train =
        Pairs.of("The fox ran.|The fox ran home, the hen too.", "A hen|A hen.\nThe hen ran.");
    Vocabulary vocabulary = VocabularyBuilder.build(train.coalesce(1), bpe, 1, 310);

    assertThat(vocabulary.count(vocabulary.id("hen"))).isEqualTo(4);
    assertThat(vocabulary.merges().pairs()).isNotEmpty();
    assertThat(VocabularyBuilder.build(train.repartition(3), bpe, 1, 310).sha256())
        .isEqualTo(vocabulary.sha256());
  }

  @Test
  void wordsTooRareToLearnFromLeaveNoVocabulary() {
    TextSettings bpe = new TextSettings(List.of(), "bpe", true, 64, 200);

    assertThat(VocabularyBuilder.build(Pairs.of("a b|c d"), bpe, 2, 310).size())
        .isEqualTo(Vocabulary.FIRST_WORD);
  }

  @Test
  void junkStaysWithTheExecutors() {
    Dataset<Row> train =
        LocalSpark.session()
            .range(0, 200_000, 1, 4)
            .selectExpr("'the fox' prompt", "concat('junk', id, ' ran') story");
    try (ResultSizes results = ResultSizes.of(LocalSpark.session())) {
      Vocabulary vocabulary = VocabularyBuilder.build(train, SETTINGS, 2, 100);

      assertThat(words(vocabulary))
          .extracting(TokenCount::token)
          .containsExactly("fox", "ran", "the");
      assertThat(results.bytes()).isPositive().isLessThan(100_000);
    }
    try (ResultSizes results = ResultSizes.of(LocalSpark.session())) {
      assertThat(VocabularyBuilder.build(train, SETTINGS, 1, 100).size()).isEqualTo(100);
      assertThat(results.bytes()).isPositive().isLessThan(200_000);
    }
  }

  @Test
  void countsAddUpHoweverOftenTheyAreGivenOut() {
    List<List<String>> texts = new ArrayList<>();
    for (int i = 0; i < 150_000; i++) {
      texts.add(i % 1000 == 0 ? List.of() : List.of("common", "junk" + i));
    }

    Map<String, Long> counts = new HashMap<>();
    int givenOut = 0;
    for (VocabularyBuilder.TokenCounter counter =
            new VocabularyBuilder.TokenCounter(texts.iterator());
        counter.hasNext();
        givenOut++) {
      Row next = counter.next();
      counts.merge(next.getString(0), next.getLong(1), Long::sum);
    }

    assertThat(counts)
        .hasSize(149_851)
        .containsEntry("common", 149_850L)
        .containsEntry("junk7", 1L);
    assertThat(givenOut).isEqualTo(149_850 + 3);
  }

  private static List<TokenCount> words(Vocabulary vocabulary) {
    return vocabulary.entries().subList(Vocabulary.FIRST_WORD, vocabulary.size());
  }
}
