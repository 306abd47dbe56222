package storyloom.jobs.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import storyloom.jobs.chart.AttentionChart;
import storyloom.jobs.chart.Picture;
import storyloom.jobs.cli.Console;
import storyloom.jobs.evaluate.EvaluatedModel;
import storyloom.jobs.evaluate.EvaluatedSample;
import storyloom.jobs.evaluate.EvaluationRequest;
import storyloom.jobs.evaluate.ModelComparison;
import storyloom.model.UserException;
import storyloom.model.decode.AttentionMap;
import storyloom.model.eval.PairedBootstrap;
import storyloom.model.files.HadoopFiles;

/** What an evaluation found: as a table for people, as JSON for programs, and as a page. */
public final class EvaluationReport {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final EvaluationRequest request;
  private final EvaluatedModel model;
  private final Optional<ModelComparison> comparison;

  /**
   * @param other what was found of another model; empty if there is none to compare with
   */
  public EvaluationReport(
      EvaluationRequest request, EvaluatedModel model, Optional<EvaluatedModel> other) {
    this.request = request;
    this.model = model;
    this.comparison = other.map(each -> new ModelComparison(model, each));
  }

  /** Prints the table. */
  public void print() {
    Console.say("%-32s %28s", "model", model.version());
    rows(model).forEach((name, value) -> Console.say("%-32s %28s", name, plain(value)));
    comparison.ifPresent(EvaluationReport::print);
  }

  private static void print(ModelComparison comparison) {
    Console.say(
        "compared with %s, differences with the bounds of 95 of 100 resamples of %,d, paired over the stories:",
        comparison.other().version(), PairedBootstrap.RESAMPLES);
    for (ModelComparison.Difference each : comparison.differences()) {
      Console.say(
          "%-32s %12s, other %12s, difference %s",
          Figures.name(each.key()),
          plain(value(each.key(), each.model())),
          plain(value(each.key(), each.other())),
          plain(sure(each)));
    }
    comparison.notes().forEach(Console::say);
  }

  /** With signs that every terminal has. */
  private static String plain(String text) {
    return text.replace('−', '-').replace(Figures.UNKNOWN, "-");
  }

  /** Names and values of a model's figures, beside people's where these have such a figure. */
  static Map<String, String> rows(EvaluatedModel model) {
    Map<String, Object> figures = model.figures();
    Map<String, String> rows = new LinkedHashMap<>();
    figures.forEach(
        (key, value) -> {
          String human = Figures.HUMAN + key;
          if (!key.startsWith(Figures.HUMAN) && !(value instanceof String)) {
            String own = value(key, value);
            rows.put(
                Figures.name(key),
                figures.containsKey(human)
                    ? "%s, people %s".formatted(own, value(human, figures.get(human)))
                    : own);
          }
        });
    return rows;
  }

  /** A figure for people; null is one that is not known. */
  static String value(String key, Object value) {
    return value instanceof Number number
        ? Figures.text(key, number.doubleValue())
        : Figures.UNKNOWN;
  }

  /** A difference and how sure it is, in words. */
  static String sure(ModelComparison.Difference each) {
    return each.difference()
        .map(
            difference ->
                Figures.difference(each.key(), difference)
                    + each.interval().map(interval -> ", " + between(each, interval)).orElse(""))
        .orElse(Figures.UNKNOWN);
  }

  static String between(ModelComparison.Difference each, PairedBootstrap interval) {
    return "%s to %s"
        .formatted(
            Figures.difference(each.key(), interval.low()),
            Figures.difference(each.key(), interval.high()));
  }

  /** Names and values for programs, in the order in which they are to be written. */
  public Map<String, Object> figures() {
    Map<String, Object> figures = model.figures();
    comparison.ifPresent(each -> figures.putAll(each.figures()));
    return figures;
  }

  /**
   * Writes the page, and each heat map besides as a file of its own, into a folder below {@code
   * runs/} that is named by the time.
   *
   * @param home any Hadoop URI
   * @return the page
   * @throws UserException of data if something cannot be written
   */
  public Path write(String home, Configuration configuration) {
    Path folder = new Path(home, "runs/evaluate-" + TIME.format(request.when()));
    FileSystem files = HadoopFiles.of(folder, configuration);
    List<AttentionMap> maps = model.sample().map(EvaluatedSample::attention).orElse(List.of());
    for (int i = 0; i < maps.size(); i++) {
      Path file = new Path(folder, "attention-%03d.png".formatted(i + 1));
      AttentionMap map = maps.get(i);
      Picture.drawn("attention", () -> AttentionChart.png(map))
          .ifPresent(png -> write(files, file, png));
    }
    String html = new EvaluationPage(request, model, comparison).html();
    return write(files, new Path(folder, "evaluation.html"), html.getBytes(UTF_8));
  }

  private static Path write(FileSystem files, Path file, byte[] content) {
    try {
      HadoopFiles.write(files, file, true, out -> out.write(content));
      return file;
    } catch (IOException e) {
      throw UserException.data("cannot write %s: %s".formatted(file, e.getMessage()), e);
    }
  }
}
