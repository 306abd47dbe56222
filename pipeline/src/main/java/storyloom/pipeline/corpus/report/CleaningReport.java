package storyloom.pipeline.corpus.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonProperty.Access;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import storyloom.model.UserException;
import storyloom.pipeline.corpus.read.Split;

/**
 * What cleaning did to a corpus, and what came out.
 *
 * @param splits what became of each split that was given, train first
 * @param letters letters and digits of all pairs before they were cleaned
 * @param rules what each rule did: the cleaning rules that are on, in the order in which they are
 *     first applied, then the rules that dropped a pair
 * @param prompts lengths of the prompts that were kept, of all splits
 * @param stories lengths of the stories that were kept, of all splits
 * @param pairs twenty pairs of those that were not dropped for what they are by themselves, whole,
 *     before and after, chosen by a hash of their content; five of those that the rules which took
 *     most text away took some from
 * @param coverage how much of each split the vocabulary knows; none while there is no vocabulary
 */
public record CleaningReport(
    List<SplitCounts> splits,
    long letters,
    List<RuleCounts> rules,
    Lengths prompts,
    Lengths stories,
    List<Example> pairs,
    List<Coverage> coverage) {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  public CleaningReport {
    splits = List.copyOf(splits);
    rules = List.copyOf(rules);
    pairs = List.copyOf(pairs);
    coverage = List.copyOf(coverage);
  }

  /**
   * What became of a split.
   *
   * @param split its name
   * @param read pairs that were read
   * @param changed pairs of those in which cleaning changed the prompt or the story
   * @param dropped pairs that were left out, by the rule that did it; other rules are absent
   */
  public record SplitCounts(String split, long read, long changed, Map<String, Long> dropped) {

    public SplitCounts {
      dropped = Collections.unmodifiableMap(new LinkedHashMap<>(dropped));
    }

    /** Pairs that remain. */
    @JsonProperty(access = Access.READ_ONLY)
    public long kept() {
      return read - droppedPairs();
    }

    /** Pairs that were left out. */
    public long droppedPairs() {
      return dropped.values().stream().mapToLong(Long::longValue).sum();
    }

    /** The counts in words: {@code 10 pairs read, 3 kept (dropped: 7 duplicate-pair)}. */
    @Override
    public String toString() {
      String counts = String.format("%,d pairs read, %,d kept", read, kept());
      String rules =
          dropped.entrySet().stream()
              .map(entry -> String.format("%,d %s", entry.getValue(), entry.getKey()))
              .collect(Collectors.joining(", "));
      return rules.isEmpty() ? counts : counts + " (dropped: " + rules + ")";
    }
  }

  /**
   * What a rule did in all splits.
   *
   * @param rule its name
   * @param changed pairs in which it changed the prompt or the story, dropped ones included
   * @param removed letters and digits that it took away
   * @param endings stories whose last words it changed
   * @param dropped pairs that it left out
   * @param examples up to three of these pairs, chosen by a hash of their content
   */
  public record RuleCounts(
      String rule, long changed, long removed, long endings, long dropped, List<Example> examples) {
    public RuleCounts {
      examples = List.copyOf(examples);
    }
  }

  /**
   * How much of a split's text the vocabulary knows.
   *
   * @param split its name
   * @param tokens all tokens of prompts and stories
   * @param known tokens of those that are in the vocabulary
   */
  public record Coverage(String split, long tokens, long known) {

    /** The share of the tokens that is in the vocabulary; 1 if there are none. */
    @JsonProperty(access = Access.READ_ONLY)
    public double share() {
      return tokens == 0 ? 1 : (double) known / tokens;
    }
  }

  /** What became of a split; nothing if it was not given. */
  public Optional<SplitCounts> split(Split split) {
    return splits.stream().filter(each -> each.split().equals(split.toString())).findFirst();
  }

  /** What a rule did; nothing if it is off, or never dropped a pair. */
  public Optional<RuleCounts> rule(String name) {
    return rules.stream().filter(each -> each.rule().equals(name)).findFirst();
  }

  /** The same report, with one more split's coverage. */
  public CleaningReport with(Coverage more) {
    List<Coverage> all = new ArrayList<>(coverage);
    all.add(more);
    return new CleaningReport(splits, letters, rules, prompts, stories, pairs, all);
  }

  /** The report as JSON. */
  public String json() {
    try {
      return JSON.writeValueAsString(this) + "\n";
    } catch (JsonProcessingException fault) {
      throw new IllegalStateException("the report cannot be written as JSON", fault);
    }
  }

  /**
   * Reads what {@link #json} wrote.
   *
   * @param file where it stood, for messages
   * @throws UserException of data if it is something else
   */
  public static CleaningReport read(String json, String file) {
    try {
      return JSON.readValue(json, CleaningReport.class);
    } catch (JsonProcessingException damaged) {
      throw UserException.data(
          "%s is no cleaning report: %s".formatted(file, damaged.getOriginalMessage()), damaged);
    }
  }

  /** The twenty pairs for people to read, as plain text. */
  public String pairsText() {
    StringBuilder text = new StringBuilder();
    for (Example pair : pairs) {
      String reason = Example.isSampleOfRule(pair.rule()) ? " (" + pair.rule() + ")" : "";
      String place = "%s:%d%s".formatted(pair.file(), pair.line(), reason);
      text.append("==== %s, before\n%s\n\n".formatted(place, pair.before()));
      text.append("---- %s, after\n%s\n\n".formatted(place, pair.after()));
    }
    return text.toString();
  }

  /** The report for people, at most {@value CleaningTable#WIDTH} columns wide. */
  public List<String> lines() {
    return new CleaningTable(this).lines();
  }
}
