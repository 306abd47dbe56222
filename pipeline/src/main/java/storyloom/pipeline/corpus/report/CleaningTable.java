package storyloom.pipeline.corpus.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A cleaning report as a table of plain text. */
final class CleaningTable {

  /** Columns that no line exceeds. */
  static final int WIDTH = 100;

  private static final String BARS = "▁▂▃▄▅▆▇█";
  private static final String ARROW = " → ";
  private static final int NAME = 18;
  private static final int COUNT = 13;

  /** Shares beyond which somebody should look at what a rule took away. */
  private static final double MOST_TEXT = 0.1;

  private static final double MOST_ENDINGS = 0.05;

  private final CleaningReport report;

  CleaningTable(CleaningReport report) {
    this.report = report;
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(row("pairs", "read", "changed", "dropped", "kept"));
    report.splits().forEach(split -> lines.add(counts(split)));
    section(lines, "changed by", report.rules().stream().filter(rule -> rule.changed() > 0), true);
    section(lines, "dropped by", report.rules().stream().filter(rule -> rule.dropped() > 0), false);
    warnings(lines);
    if (report.prompts().texts() > 0) {
      lines.add("");
      lines.add(row("words", "median", "95 % up to", "longest", ""));
      lines.add(lengths("  prompts", report.prompts()));
      lines.add(lengths("  stories", report.stories()));
    }
    return lines;
  }

  private static String row(String name, String... values) {
    StringBuilder row = new StringBuilder(String.format("%-" + NAME + "s", name));
    for (String value : values) {
      row.append(String.format("%" + COUNT + "s", value));
    }
    return row.toString().stripTrailing();
  }

  private static String number(long value) {
    return String.format("%,d", value);
  }

  private static String counts(CleaningReport.SplitCounts split) {
    return row(
        "  " + split.split(),
        number(split.read()),
        number(split.changed()),
        number(split.droppedPairs()),
        number(split.kept()));
  }

  private static void section(
      List<String> lines, String title, Stream<CleaningReport.RuleCounts> rules, boolean changes) {
    List<String> rows =
        rules
            .map(
                rule ->
                    row("  " + rule.rule(), number(changes ? rule.changed() : rule.dropped()))
                        + "  "
                        + example(rule))
            .map(String::stripTrailing)
            .toList();
    if (!rows.isEmpty()) {
      lines.add("");
      lines.add(row(title, "pairs") + "  for example");
      lines.addAll(rows);
    }
  }

  private void warnings(List<String> lines) {
    double letters = Math.max(1, report.letters());
    double stories = report.splits().stream().mapToLong(CleaningReport.SplitCounts::read).sum();
    List<String> warnings =
        report.rules().stream()
            .filter(
                rule ->
                    rule.removed() > MOST_TEXT * letters || rule.endings() > MOST_ENDINGS * stories)
            .map(
                rule ->
                    "%s took %.1f %% of the text and the ends of %.1f %% of the stories: look at cleaning.txt"
                        .formatted(
                            rule.rule(),
                            100 * rule.removed() / letters,
                            100 * rule.endings() / stories))
            .toList();
    if (!warnings.isEmpty()) {
      lines.add("");
      lines.addAll(warnings);
    }
  }

  private static String example(CleaningReport.RuleCounts rule) {
    int room = WIDTH - NAME - COUNT - 2;
    return rule.examples().stream()
        .findFirst()
        .map(example -> example.after().isEmpty() ? dropped(example, room) : changed(example, room))
        .orElse("");
  }

  private static String changed(Example example, int room) {
    int half = (room - ARROW.length()) / 2;
    return clipped(example.before(), half) + ARROW + clipped(example.after(), half);
  }

  private static String dropped(Example example, int room) {
    String place = example.file() + ":" + example.line() + "  ";
    return place.length() > room / 2
        ? clipped(example.before(), room)
        : place + clipped(example.before(), room - place.length());
  }

  private static String clipped(String text, int most) {
    return text.codePointCount(0, text.length()) <= most
        ? text
        : text.substring(0, text.offsetByCodePoints(0, most - 1)) + "…";
  }

  private static String lengths(String name, Lengths lengths) {
    return row(name, number(lengths.median()), number(lengths.most95()), number(lengths.longest()))
        + "  "
        + bars(lengths);
  }

  /** A histogram in one line, two characters an octave. */
  private static String bars(Lengths lengths) {
    long most = lengths.histogram().stream().mapToLong(Lengths.Bar::texts).max().orElse(1);
    StringBuilder bars = new StringBuilder();
    for (Lengths.Bar bar : lengths.histogram()) {
      long height = (bar.texts() * (BARS.length() - 1) + most - 1) / most;
      bars.append(bar.texts() == 0 ? ' ' : BARS.charAt((int) height));
    }
    return bars.toString();
  }
}
