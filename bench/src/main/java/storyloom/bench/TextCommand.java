package storyloom.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import storyloom.bench.measure.Figures;
import storyloom.model.UserException;
import storyloom.model.settings.Settings;
import storyloom.model.text.clean.TextCleaner;
import storyloom.model.text.clean.TextSide;
import storyloom.model.text.token.BpeLearner;
import storyloom.model.text.token.TextSettings;
import storyloom.model.text.token.TokenCount;
import storyloom.model.text.token.Tokenizer;
import storyloom.model.text.token.Vocabulary;

/**
 * {@code bin/bench text}: what cleaning, words and byte-pair encoding do to the stories of a file,
 * and how fast, on one thread. A story makes the round trip if its tokens, put together again, are
 * the cleaned story but for case.
 */
@Command(
    name = "text",
    mixinStandardHelpOptions = true,
    description =
        "Times cleaning and tokenising, and counts the stories that come back from tokens.")
final class TextCommand implements Callable<Integer> {

  private static final double NANOS = 1e9;

  @Option(names = "--target", required = true, description = "Stories, one a line.")
  private Path target;

  @Option(
      names = "--vocabulary",
      defaultValue = "20000",
      description = "Size of the vocabulary of byte-pair encoding (default: ${DEFAULT-VALUE}).")
  private int size;

  @Option(
      names = "--passes",
      defaultValue = "3",
      description = "Times to do each thing; the fastest counts (default: ${DEFAULT-VALUE}).")
  private int passes;

  @Option(
      names = "--show",
      defaultValue = "5",
      description = "Differences of round trips to show (default: ${DEFAULT-VALUE}).")
  private int show;

  @Spec private CommandSpec command;

  /** What came of something, and the seconds of its fastest pass. */
  private record Timed<T>(T result, double seconds) {}

  private <F, T> Timed<List<T>> timed(List<F> from, Function<F, T> step) {
    List<T> results = List.of();
    long fastest = Long.MAX_VALUE;
    for (int pass = 0; pass < passes; pass++) {
      results = new ArrayList<>(from.size());
      long start = System.nanoTime();
      for (F each : from) {
        results.add(step.apply(each));
      }
      fastest = Math.min(fastest, System.nanoTime() - start);
    }
    return new Timed<>(results, fastest / NANOS);
  }

  @Override
  public Integer call() throws JsonProcessingException {
    TextSettings words = Settings.defaults().textSettings();
    TextSettings pieces =
        new TextSettings(
            words.rules(),
            Tokenizer.BPE,
            words.lowercase(),
            words.maxPromptTokens(),
            words.maxStoryTokens());
    TextCleaner cleaner = TextCleaner.of(words.rules());
    Tokenizer tokenizer = Tokenizer.ofWords(words);

    Timed<List<String>> clean = timed(stories(), raw -> cleaner.clean(raw, TextSide.STORY));
    List<String> stories = clean.result().stream().filter(story -> !story.isEmpty()).toList();
    Timed<List<List<String>>> tokens = timed(stories, tokenizer::tokenize);
    long start = System.nanoTime();
    Vocabulary vocabulary = BpeLearner.learn(counts(tokens.result()), 2, size);
    double learning = (System.nanoTime() - start) / NANOS;
    Tokenizer bpe = Tokenizer.of(pieces, vocabulary);
    Timed<List<List<String>>> split = timed(stories, bpe::tokenize);

    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("stories", stories.size());
    figures.put("clean_stories_per_second", clean.result().size() / clean.seconds());
    figures.put("tokenise_stories_per_second", stories.size() / tokens.seconds());
    figures.put("clean_seconds_per_tokenise_second", clean.seconds() / tokens.seconds());
    figures.put("bpe_stories_per_second", stories.size() / split.seconds());
    figures.put("bpe_tokens_per_word", mean(split.result()) / mean(tokens.result()));
    figures.put("learn_seconds", learning);
    figures.put("round_trip_words", roundTrip(stories, tokens.result(), tokenizer));
    figures.put("round_trip_bpe", roundTrip(stories, split.result(), bpe));
    Figures.print(figures, out());
    return 0;
  }

  private PrintWriter out() {
    return command.commandLine().getOut();
  }

  private List<String> stories() {
    try {
      return List.of(Files.readString(target).split("\n"));
    } catch (IOException failure) {
      throw UserException.usage("cannot read " + target + ": " + failure.getMessage(), failure);
    }
  }

  private static List<TokenCount> counts(List<List<String>> stories) {
    Map<String, Long> counts = new HashMap<>();
    stories.forEach(tokens -> tokens.forEach(token -> counts.merge(token, 1L, Long::sum)));
    List<TokenCount> words = new ArrayList<>();
    counts.forEach((token, count) -> words.add(new TokenCount(token, count)));
    words.removeIf(word -> word.count() < 2);
    return words;
  }

  private static double mean(List<List<String>> stories) {
    return stories.stream().mapToInt(List::size).average().orElse(0);
  }

  /** The share of stories that come back, but for case. */
  private double roundTrip(List<String> stories, List<List<String>> tokens, Tokenizer tokenizer) {
    int back = 0;
    int shown = 0;
    for (int i = 0; i < stories.size(); i++) {
      String again = tokenizer.detokenize(tokens.get(i));
      if (again.equalsIgnoreCase(stories.get(i))) {
        back++;
      } else if (shown++ < show) {
        out().println(difference(stories.get(i), again));
      }
    }
    return (double) back / stories.size();
  }

  /** The first place where two texts differ, in both. */
  private static String difference(String before, String after) {
    int place = 0;
    while (before.regionMatches(true, place, after, place, 1)) {
      place++;
    }
    return "story " + excerpt(before, place) + "\ncame back as " + excerpt(after, place);
  }

  private static String excerpt(String text, int place) {
    return text.substring(Math.max(0, place - 30), Math.min(text.length(), place + 30))
        .replace("\n", "⏎");
  }
}
