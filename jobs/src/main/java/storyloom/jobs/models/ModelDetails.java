package storyloom.jobs.models;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import storyloom.model.bundle.Bundle;
import storyloom.model.bundle.Provenance;
import storyloom.model.registry.HomeSweep;
import storyloom.model.registry.Registry;
import storyloom.model.registry.VersionRecord;
import storyloom.model.settings.Settings;

/** All that is known of one model, for people. */
public final class ModelDetails {

  private final Registry registry;
  private final Configuration configuration;

  public ModelDetails(Registry registry, Configuration configuration) {
    this.registry = registry;
    this.configuration = configuration;
  }

  /**
   * What was decided of it, where it comes from, what was measured, and the settings that are not
   * the defaults.
   *
   * @throws storyloom.model.UserException of data if its bundle is damaged
   */
  public List<String> lines(String version) {
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
    add(
        lines,
        "size",
        ModelTable.size(new HomeSweep(registry.modelDir(version), configuration).size()));
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
    Map<String, String> defaults = Settings.defaults().all();
    provenance.settings().entrySet().stream()
        .filter(each -> !each.getValue().equals(defaults.get(each.getKey())))
        .forEach(each -> add(lines, "  " + each.getKey(), each.getValue()));
    return lines;
  }

  private static void add(List<String> lines, String name, Object value) {
    if (value != null) {
      lines.add("%-32s %s".formatted(name, value));
    }
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%,.0f", value)
        : String.format(Locale.ROOT, "%,.4f", value);
  }
}
