package storyloom.jobs.models;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import storyloom.model.OneLine;
import storyloom.model.UserException;
import storyloom.model.bundle.Bundle;
import storyloom.model.bundle.Provenance;
import storyloom.model.registry.HomeSweep;
import storyloom.model.registry.Registry;
import storyloom.model.registry.VersionRecord;
import storyloom.model.settings.Settings;

/** The models of a registry for people: all as a table, and all that is known of one. */
public final class ModelListing {

  private static final String ROW = "%s %-25s %-10s %-17s %10s %9s  %s";
  private static final int DATE_AND_MINUTE = 16;

  private final Registry registry;
  private final Configuration configuration;

  /** Lists the models of a registry. */
  public ModelListing(Registry registry, Configuration configuration) {
    this.registry = registry;
    this.configuration = configuration;
  }

  /** A headline and a line for each version, the newest first; the current one has a star. */
  public List<String> lines() {
    Optional<String> current = registry.current();
    List<String> versions = new ArrayList<>(registry.versions());
    if (versions.isEmpty()) {
      return List.of("there is no model under " + registry.modelsDir());
    }
    versions.sort((a, b) -> b.compareTo(a));
    return Stream.concat(
            Stream.of(
                ROW.formatted(" ", "version", "state", "trained (UTC)", "perplexity", "size", "")
                    .stripTrailing()),
            versions.stream().map(each -> line(each, current.equals(Optional.of(each)))))
        .toList();
  }

  private String line(String version, boolean current) {
    VersionRecord known = VersionRecord.NONE;
    String trained = "-";
    String perplexity = "-";
    String note = "";
    try {
      known = registry.record(version);
      note = known.reason() == null ? "" : known.reason();
      Provenance provenance = Bundle.provenance(registry.modelDir(version), configuration);
      trained = provenance.createdAt().toString().substring(0, DATE_AND_MINUTE).replace('T', ' ');
      perplexity = perplexity(known, provenance.metrics().get("valid_perplexity"));
    } catch (UserException damaged) {
      note = damaged.getMessage();
    }
    return ROW.formatted(
            current ? "*" : " ",
            version,
            known.state(),
            trained,
            perplexity,
            size(new HomeSweep(registry.modelDir(version), configuration).size()),
            OneLine.of(note))
        .stripTrailing();
  }

  /** Per word if the gate has measured the model, else per token as of its training. */
  private static String perplexity(VersionRecord known, Double ofTraining) {
    Double perWord = known.figures().get(VersionRecord.PERPLEXITY);
    if (perWord != null) {
      return String.format(Locale.ROOT, "%.2f/word", perWord);
    }
    return ofTraining == null ? "-" : String.format(Locale.ROOT, "%.2f/token", ofTraining);
  }

  /** Bytes in a unit that suits them, such as {@code 12.3 MB}. */
  static String size(long bytes) {
    String[] units = {"B", "kB", "MB", "GB", "TB"};
    double size = bytes;
    int unit = 0;
    while (size >= 999.95 && unit < units.length - 1) {
      size /= 1000;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", size, units[unit]);
  }

  /**
   * What was decided of it, where it comes from, what was measured, and the settings that are not
   * the defaults.
   *
   * @throws storyloom.model.UserException of data if its bundle is damaged
   */
  public List<String> details(String version) {
    VersionRecord known = registry.record(version);
    Provenance provenance = Bundle.provenance(registry.modelDir(version), configuration);
    List<String> lines = new ArrayList<>();
    add(lines, "version", version);
    boolean current = registry.current().equals(Optional.of(version));
    add(lines, "state", known.state() + (current ? ", and the current one" : ""));
    add(lines, "since", known.at());
    add(lines, "reason", known.reason());
    add(lines, "before it", known.before());
    add(lines, "lies in", registry.modelDir(version));
    add(lines, "size", size(new HomeSweep(registry.modelDir(version), configuration).size()));
    add(lines, "trained", provenance.createdAt());
    add(lines, "parent", Optional.ofNullable(provenance.parent()).orElse("none"));
    add(lines, "corpus hash", provenance.corpusHash());
    add(lines, "vocabulary hash", provenance.vocabularyHash());
    add(lines, "seed", provenance.seed());
    add(lines, "workers", provenance.workers());
    add(lines, "git commit", provenance.gitCommit());
    provenance.versions().forEach((name, value) -> add(lines, "  " + name, value));
    lines.add("measured");
    known.figures().forEach((name, value) -> add(lines, "  " + name, number(value)));
    provenance.metrics().forEach((name, value) -> add(lines, "  " + name, number(value)));
    lines.add("settings that are not the defaults");
    Map<String, String> defaults = Settings.defaults().recorded();
    provenance.settings().entrySet().stream()
        .filter(each -> !each.getValue().equals(defaults.get(each.getKey())))
        .forEach(each -> add(lines, "  " + each.getKey(), each.getValue()));
    return lines;
  }

  private static void add(List<String> lines, String name, Object value) {
    if (value != null) {
      lines.add("%-32s %s".formatted(shown(name), OneLine.of(value.toString())));
    }
  }

  /** A name, and the two spaces before it if it belongs to a list. */
  private static String shown(String name) {
    return (name.startsWith("  ") ? "  " : "") + OneLine.of(name);
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%,.0f", value)
        : String.format(Locale.ROOT, "%,.4f", value);
  }
}
