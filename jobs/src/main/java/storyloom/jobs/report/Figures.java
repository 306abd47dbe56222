package storyloom.jobs.report;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleFunction;
import storyloom.jobs.cli.Console;

/** What people call the figures of runs and evaluations, and the digits that they are told in. */
final class Figures {

  /** What stands where a figure is not known. */
  static final String UNKNOWN = "–";

  /** In front of the key of a figure of people's stories. */
  static final String HUMAN = "human_";

  /** Shares below this have a digit more. */
  private static final double FEW = 0.1;

  /**
   * A figure.
   *
   * @param name what people call it
   * @param text the number in sensible digits
   */
  private record Figure(String name, DoubleFunction<String> text) {}

  private static final Map<String, Figure> KNOWN = new LinkedHashMap<>();

  static {
    add("pairs", "pairs scored", Figures::count);
    add("skipped", "pairs skipped, no prompt", Figures::count);
    add("tokens", "tokens", Figures::count);
    add("words", "words", Figures::count);
    add("nll_per_token", "negative log-likelihood per token", Figures::loss);
    add("perplexity_per_token", "perplexity per token", Figures::perplexity);
    add("perplexity_per_word", "perplexity per word", Figures::perplexity);
    add("accuracy", "likeliest token right", Figures::share);
    add("oov_rate", "tokens not in the vocabulary", Figures::share);
    add("sample", "stories in the sample", Figures::count);
    add("prompt_ranking", "prompts ranked first of ten", Figures::share);
    add("words_per_story", "words per story", value -> "%.1f".formatted(value));
    add("distinct_1", "different words", Figures::share);
    add("distinct_2", "different pairs of words", Figures::share);
    add("distinct_3", "different triples of words", Figures::share);
    add("repeated_4grams", "repeated 4-grams", Figures::share);
    add("prompt_words", "words of the prompt", Figures::share);
    add("other_prompt_words", "words of another prompt", Figures::share);
    add("person_kept", "about the person of the prompt", Figures::share);
    add("sentence_order", "own order of sentences", Figures::share);
    add("copied_8grams", "8-grams of the training split", Figures::share);
    add("longest_quotation", "words of the longest quotation", Figures::count);
    add("empty_stories", "empty stories of ten", Figures::count);
    add("kept_epoch", "epoch whose weights were kept", Figures::count);
    add("kept_rounds", "rounds until then", Figures::count);
    add("train_pairs", "pairs trained on", Figures::count);
    add("valid_pairs", "pairs validated by", Figures::count);
    add("vocabulary", "tokens in the vocabulary", Figures::count);
    add("train_seconds", "time of training", Console::duration);
    add("tokens_per_second", "story tokens per second", Figures::count);
    add("train_perplexity", "training perplexity per token", Figures::perplexity);
    add("valid_perplexity", "validation perplexity per token", Figures::perplexity);
    add("train_loss", "training loss per token", Figures::loss);
    add("valid_loss", "validation loss per token", Figures::loss);
    add("train_accuracy", "likeliest token right, training", Figures::share);
    add("valid_accuracy", "likeliest token right, validation", Figures::share);
    for (String split : new String[] {"train", "valid"}) {
      String of = split.equals("train") ? "training" : "validation";
      add(split + "_prompts_cut", "prompts cut, " + of, Figures::count);
      add(split + "_stories_cut", "stories cut, " + of, Figures::count);
      add(split + "_story_tokens_cut", "story tokens cut, " + of, Figures::count);
    }
  }

  private Figures() {}

  private static void add(String key, String name, DoubleFunction<String> text) {
    KNOWN.put(key, new Figure(name, text));
  }

  /** What people call a figure; its key in words where nobody has said. */
  static String name(String key) {
    if (key.startsWith(HUMAN)) {
      return name(key.substring(HUMAN.length())) + ", people's stories";
    }
    Figure known = KNOWN.get(key);
    return known == null ? key.replace('_', ' ') : known.name();
  }

  /** A figure's value for people; {@link #UNKNOWN} if it is no finite number. */
  static String text(String key, double value) {
    if (!Double.isFinite(value)) {
      return UNKNOWN;
    }
    Figure known = KNOWN.get(key.startsWith(HUMAN) ? key.substring(HUMAN.length()) : key);
    return known == null ? "%.4g".formatted(value) : known.text().apply(value);
  }

  /** A difference of a figure in the figure's own digits, with its sign; of shares, in points. */
  static String difference(String key, double value) {
    if (!Double.isFinite(value)) {
      return UNKNOWN;
    }
    return (value < 0 ? "−" : "+") + text(key, Math.abs(value)).replace(" %", "");
  }

  /** Whether a smaller number is better; empty where neither is. */
  static Optional<Boolean> isSmallerBetter(String key) {
    if (key.startsWith("perplexity") || key.equals("repeated_4grams")) {
      return Optional.of(true);
    }
    return key.equals("accuracy") || key.equals("prompt_ranking")
        ? Optional.of(false)
        : Optional.empty();
  }

  static String count(double value) {
    return String.format(Locale.ROOT, "%,.0f", value);
  }

  static String loss(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  static String perplexity(double value) {
    return String.format(Locale.ROOT, value < 100 ? "%.2f" : "%,.1f", value);
  }

  static String share(double value) {
    return String.format(Locale.ROOT, value < FEW ? "%.2f %%" : "%.1f %%", 100 * value);
  }
}
