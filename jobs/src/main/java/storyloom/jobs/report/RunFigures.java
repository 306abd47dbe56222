package storyloom.jobs.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import storyloom.jobs.report.HtmlPage.Cell;
import storyloom.jobs.train.TrainingSummary;

/** The figures of a run: those of its gate, of its training, and of each epoch. */
final class RunFigures {

  /** A figure of one epoch. */
  private static final Pattern OF_EPOCH = Pattern.compile("(.+)_epoch_([0-9]+)");

  private static final String KEPT = "kept_epoch";

  private static final List<String> OF_EACH =
      List.of("train_perplexity", "valid_perplexity", "train_accuracy", "valid_accuracy");

  private RunFigures() {}

  static void write(HtmlPage page, TrainingSummary summary) {
    page.section("Figures");
    Map<String, String> training = new LinkedHashMap<>();
    List<List<Cell>> gate = new ArrayList<>();
    for (String key : summary.figures().keySet()) {
      if (key.startsWith(RunIndex.CURRENT)
          || key.startsWith(Figures.HUMAN)
          || OF_EPOCH.matcher(key).matches()) {
        continue;
      }
      if (summary.figures().containsKey(RunIndex.CURRENT + key)
          || summary.figures().containsKey(Figures.HUMAN + key)) {
        gate.add(
            List.of(
                Cell.of(Figures.name(key)),
                figure(summary, key, key),
                figure(summary, key, RunIndex.CURRENT + key),
                figure(summary, key, Figures.HUMAN + key)));
      } else {
        training.put(Figures.name(key), Figures.text(key, summary.figures().get(key)));
      }
    }
    page.cards(
        "What the gate measured", List.of("figure", "new model", "current model", "people"), gate);
    page.facts("The training", training);
    page.details("Epoch by epoch", part -> epochs(part, summary));
  }

  private static Cell figure(TrainingSummary summary, String key, String of) {
    return Cell.number(summary.figure(of).map(value -> Figures.text(key, value)).orElse(""));
  }

  private static void epochs(HtmlPage page, TrainingSummary summary) {
    SortedMap<Integer, Map<String, Double>> epochs = new TreeMap<>();
    summary
        .figures()
        .forEach(
            (key, value) -> {
              Matcher epoch = OF_EPOCH.matcher(key);
              if (epoch.matches()) {
                epochs
                    .computeIfAbsent(Integer.valueOf(epoch.group(2)), number -> new TreeMap<>())
                    .put(epoch.group(1), value);
              }
            });
    int kept = summary.figure(KEPT).map(Double::intValue).orElse(0);
    List<List<Cell>> rows = new ArrayList<>();
    epochs.forEach(
        (epoch, figures) -> {
          List<Cell> row = new ArrayList<>();
          row.add(Cell.number(epoch == kept ? epoch + ", kept" : epoch.toString()));
          for (String key : OF_EACH) {
            row.add(Cell.number(Figures.text(key, figures.getOrDefault(key, Double.NaN))));
          }
          rows.add(row);
        });
    page.columns(
        "Perplexity per token, and how often the likeliest token was right",
        List.of("epoch", "perplexity, training", "validation", "right, training", "validation"),
        rows);
  }
}
