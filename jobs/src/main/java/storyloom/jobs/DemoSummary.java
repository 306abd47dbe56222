package storyloom.jobs;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import storyloom.jobs.cli.CommandRunner;
import storyloom.jobs.cli.Console;
import storyloom.jobs.cluster.ClusterSession;
import storyloom.model.ExitStatus;
import storyloom.model.UserException;
import storyloom.model.bundle.Bundle;
import storyloom.model.registry.Registry;
import storyloom.pipeline.JobDescription;
import storyloom.pipeline.generate.PromptInput;
import storyloom.pipeline.generate.PromptTable;
import storyloom.pipeline.train.TrainingProvenance;

/** The last words of bin/demo: some stories, how training went, where everything lies. */
@Command(name = "DemoSummary", description = "Shows what bin/demo has made.")
public final class DemoSummary implements Callable<Integer> {

  private static final int SHOWN = 5;
  private static final int READ_AT_ONCE = 1000;
  private static final List<String> NAMED = List.of("hero", "object");
  private static final List<String> COLUMNS = List.of("prompt", "story", "hero", "object");

  @Option(
      names = "--stories",
      required = true,
      paramLabel = "PATH",
      description = "Parquet folder with the columns prompt, story, hero and object.")
  private String stories;

  @Option(
      names = "--home",
      required = true,
      paramLabel = "URI",
      description = "Where models/ is; its current model is the demo's.")
  private String home;

  @Option(
      names = "--started",
      required = true,
      paramLabel = "SECONDS",
      description = "When the demo began, in seconds since 1970.")
  private long started;

  private DemoSummary() {}

  /** Runs the command and ends the process with its exit status. */
  public static void main(String[] args) {
    System.exit(run(args));
  }

  /** Runs the command; gives its exit status. */
  public static int run(String... args) {
    return CommandRunner.run(new DemoSummary(), args).status();
  }

  @Override
  public Integer call() {
    try (ClusterSession cluster = ClusterSession.start("storyloom demo")) {
      Path model = new Registry(home, cluster.hadoop()).resolve(Optional.empty());
      double namedShare = showStories(cluster.spark());
      SortedMap<String, Double> metrics;
      try (Bundle bundle = Bundle.read(model, cluster.hadoop())) {
        metrics = bundle.provenance().metrics();
      }
      List<Double> perplexities = TrainingProvenance.validPerplexities(metrics);
      for (int epoch = 0; epoch < perplexities.size(); epoch++) {
        Console.say(
            "validation perplexity after epoch %d: %.2f", epoch + 1, perplexities.get(epoch));
      }
      Console.say("the model lies in %s", model);
      Console.say("the stories lie in %s", stories);
      Map<String, Object> result = new LinkedHashMap<>();
      result.put("named_share", namedShare);
      result.put("perplexity", metrics.get("valid_perplexity"));
      result.put("seconds", Instant.now().getEpochSecond() - started);
      Console.json(result);
    }
    return ExitStatus.DONE;
  }

  /** Shows the first stories; gives the share of all that name what they should. */
  private double showStories(SparkSession spark) {
    PromptTable table = PromptTable.open(spark, PromptInput.at(stories), OptionalLong.empty());
    requireColumns(table.schema());
    NamedShare named = new NamedShare();
    List<Row> rows;
    try (JobDescription described =
        JobDescription.of(spark.sparkContext(), "read the stories in " + stories)) {
      rows = table.spread(1, READ_AT_ONCE).collectAsList();
    }
    for (Row row : rows.subList(0, Math.min(SHOWN, rows.size()))) {
      Console.text("Prompt: %s%nStory:  %s%n".formatted(text(row, "prompt"), text(row, "story")));
    }
    for (Row row : rows) {
      named.add(text(row, "story"), NAMED.stream().map(column -> text(row, column)).toList());
    }
    return named.share();
  }

  private static String text(Row row, String column) {
    return row.getString(row.fieldIndex(column));
  }

  private void requireColumns(StructType schema) {
    for (String column : COLUMNS) {
      if (!List.of(schema.fieldNames()).contains(column)) {
        throw UserException.data(
            "%s has no column %s: it must be what bin/demo wrote".formatted(stories, column));
      }
    }
  }

  /** Counts the stories that name what their prompt is about. */
  static final class NamedShare {

    private long rows;
    private long named;

    /**
     * Counts one story.
     *
     * @param story null if there is none
     * @param words that it should name, each as a whole word, in whatever case
     */
    void add(String story, List<String> words) {
      rows++;
      if (story != null && words.stream().allMatch(word -> names(story, word))) {
        named++;
      }
    }

    private static boolean names(String story, String word) {
      return Pattern.compile(
              "(?<![\\p{L}\\p{N}])" + Pattern.quote(word) + "(?![\\p{L}\\p{N}])",
              Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE)
          .matcher(story)
          .find();
    }

    /** Share of the stories that name all their words; NaN without stories. */
    double share() {
      return (double) named / rows;
    }
  }
}
