package storyloom.jobs;

import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import storyloom.jobs.cli.CommandRunner;
import storyloom.jobs.cli.CommonOptions;
import storyloom.jobs.cli.Console;
import storyloom.jobs.cli.DecodeOptions;
import storyloom.jobs.cli.Outcome;
import storyloom.jobs.cluster.ClusterSession;
import storyloom.jobs.report.StoryProgress;
import storyloom.jobs.run.ModelMemory;
import storyloom.jobs.run.RulesNotice;
import storyloom.model.ExitStatus;
import storyloom.model.UserException;
import storyloom.model.decode.DecodeSettings;
import storyloom.model.decode.search.DecodedStory.FinishReason;
import storyloom.model.files.AtomicFolder;
import storyloom.model.registry.Registry;
import storyloom.model.settings.Settings;
import storyloom.pipeline.JobDescription;
import storyloom.pipeline.corpus.read.DataFormat;
import storyloom.pipeline.generate.PromptInput;
import storyloom.pipeline.generate.PromptTable;
import storyloom.pipeline.generate.StoryColumn;
import storyloom.pipeline.generate.StoryFormat;
import storyloom.pipeline.generate.StoryGenerator;
import storyloom.pipeline.generate.Wording;

/** Writes a story for each prompt of a table: {@code spark-submit jobs/generate.jar --input P}. */
@Command(
    name = "spark-submit jobs/generate.jar",
    description = {
      "Writes a story for each prompt of a table.",
      "Added columns: story, story_tokens, log_prob, finish_reason, error, model."
    })
public final class GenerateJob implements Callable<Integer> {

  private static final String DEFAULT_OUTPUT = "stories.parquet";
  private static final String PROMPT = "prompt";

  @Option(
      names = "--input",
      required = true,
      paramLabel = "PATH",
      description =
          "Prompts: a file, a folder or a pattern, read as names and content tell; a table of the"
              + " catalog with --format table.")
  private String input;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "parquet, json, csv, tsv, text (one prompt a line), orc, avro or table.")
  private String format;

  @Option(
      names = "--input-option",
      paramLabel = "NAME=VALUE",
      description =
          "How to read it, as Spark calls it: header, sep, quote, encoding of CSV; multiLine and"
              + " others of JSON.")
  private Map<String, String> inputOptions = new LinkedHashMap<>();

  @Option(
      names = "--output",
      paramLabel = "PATH",
      description =
          "Folder to write: JSON lines if it ends with .json or .jsonl, else Parquet;"
              + " stories.parquet beside the input by default.")
  private String output;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description = "Directory or version of a model; the current one by default.")
  private String model;

  @Mixin private final CommandSpec decodeOptions = DecodeOptions.spec();

  @Option(
      names = "--key",
      paramLabel = "COLUMN",
      description = "Column that tells rows of equal prompts apart when sampling.")
  private String key;

  @Option(
      names = "--columns",
      paramLabel = "NAME=COLUMN",
      split = ",",
      description = "Other names for the column prompt or for added ones: story=tale,model=by.")
  private Map<String, String> columns = new LinkedHashMap<>();

  @Option(names = "--limit", paramLabel = "N", description = "Take the first N prompts only.")
  private Long limit;

  @Option(names = "--overwrite", description = "Replace the output if it exists.")
  private boolean overwrite;

  @Mixin private CommonOptions.OfJob options;

  private GenerateJob() {}

  /** Runs the command and ends the process as {@link Outcome#end} says. */
  public static void main(String[] args) {
    outcome(args).end();
  }

  /** Runs the command; gives its exit status. */
  public static int run(String... args) {
    return outcome(args).status();
  }

  private static Outcome outcome(String... args) {
    return CommandRunner.run(new GenerateJob(), args);
  }

  @Override
  public Integer call() {
    Settings settings = DecodeOptions.over(decodeOptions, options.settings());
    StoryGenerator generator = generator(DecodeSettings.of(settings));
    OptionalLong rows = rows();
    PromptInput prompts =
        new PromptInput(
            input, Optional.ofNullable(format).map(DataFormat::ofPrompts), inputOptions);
    try (ClusterSession cluster =
        ClusterSession.start(
            "storyloom generate",
            options,
            files -> ModelMemory.of(settings.text("home"), Optional.ofNullable(model), files))) {
      generate(cluster, settings, generator, prompts, rows);
    }
    return ExitStatus.DONE;
  }

  private void generate(
      ClusterSession cluster,
      Settings settings,
      StoryGenerator generator,
      PromptInput wanted,
      OptionalLong rows) {
    long start = System.nanoTime();
    try (AtomicFolder stories = new AtomicFolder(outputPath(), overwrite, cluster.hadoop())) {
      Registry registry = new Registry(settings.text("home"), cluster.hadoop());
      Path bundle = registry.resolve(Optional.ofNullable(model));
      cluster.requireShared(bundle.toString(), stories.target().toString());
      cluster.requireRoom(ModelMemory.of(bundle, cluster.hadoop()));
      if (!wanted.isTable()) {
        cluster.requireShared(input);
      }
      PromptTable prompts = PromptTable.open(cluster.spark(), wanted, rows);
      if (format == null) {
        Console.remark(prompts.guess());
      }
      generator
          .setBundle(bundle.toString())
          .check(cluster.spark(), prompts.schema(), Wording.OPTIONS);
      StructType schema = generator.transformSchema(prompts.schema());
      String version = generator.modelVersion(cluster.spark());
      Console.say("%,d prompts, model %s", prompts.rows(), version);
      RulesNotice.warn(bundle, cluster.hadoop());
      Dataset<Row> spread = prompts.spread(cluster.slots(), settings.integer("decode.batch"));
      StoryFormat writer = StoryFormat.of(stories.target().getName());
      try (JobDescription described =
              JobDescription.of(cluster.context(), "write stories with model " + version);
          StoryProgress progress = StoryProgress.watch(cluster.context().sc(), prompts.rows())) {
        Dataset<Row> told = prompts.explained(generator.transform(spread), name(StoryColumn.ERROR));
        writer.write(told, stories.staging().toString());
      }
      stories.commit();
      long rejected =
          rejected(writer.read(spread.sparkSession(), schema, stories.target().toString()));
      Console.say("the stories lie in %s", stories.target());
      Map<String, Object> result = new LinkedHashMap<>();
      result.put("rows", prompts.rows());
      result.put("stories", prompts.rows() - rejected);
      result.put("rejected", rejected);
      result.put("seconds", Duration.ofNanos(System.nanoTime() - start).toMillis() / 1e3);
      result.put("output", stories.target().toString());
      result.put("model", version);
      Console.json(result);
    }
  }

  private long rejected(Dataset<Row> stories) {
    String reason = name(StoryColumn.FINISH_REASON);
    try (JobDescription described =
        JobDescription.of(stories.sparkSession().sparkContext(), "count the rejected prompts")) {
      return stories
          .filter(functions.col("`" + reason + "`").equalTo(FinishReason.REJECTED.label()))
          .count();
    }
  }

  private String name(StoryColumn column) {
    return columns.getOrDefault(column.label(), column.label());
  }

  private String outputPath() {
    String path =
        output == null ? new Path(new Path(input).getParent(), DEFAULT_OUTPUT).toString() : output;
    if (new Path(path).equals(new Path(input))) {
      throw UserException.usage(path + " is the input: choose another --output");
    }
    return path;
  }

  private OptionalLong rows() {
    if (limit == null) {
      return OptionalLong.empty();
    }
    if (limit < 1 || limit > Integer.MAX_VALUE) {
      throw UserException.usage(
          "--limit must be a whole number from 1 to 2147483647, not " + limit);
    }
    return OptionalLong.of(limit);
  }

  private StoryGenerator generator(DecodeSettings decoding) {
    StoryGenerator generator = new StoryGenerator().setDecoding(decoding);
    if (key != null) {
      generator.setKeyCol(key);
    }
    columns.forEach(
        (name, column) -> {
          if (name.equals(PROMPT)) {
            generator.setPromptCol(column);
          } else {
            generator.setColumn(
                StoryColumn.labelled(name).orElseThrow(() -> noColumn(name)), column);
          }
        });
    return generator;
  }

  private static UserException noColumn(String name) {
    String names =
        Stream.concat(
                Stream.of(PROMPT), Arrays.stream(StoryColumn.values()).map(StoryColumn::label))
            .collect(Collectors.joining(", "));
    return UserException.usage("--columns names %s, which is none of %s".formatted(name, names));
  }
}
