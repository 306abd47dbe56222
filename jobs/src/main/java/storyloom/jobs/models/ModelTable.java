package storyloom.jobs.models;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import storyloom.model.UserException;
import storyloom.model.bundle.Bundle;
import storyloom.model.bundle.Provenance;
import storyloom.model.registry.HomeSweep;
import storyloom.model.registry.Registry;
import storyloom.model.registry.VersionRecord;

/** The models of a registry as a table for people. */
public final class ModelTable {

  private static final String ROW = "%s %-25s %-10s %-17s %10s %9s  %s";
  private static final int DATE_AND_MINUTE = 16;

  private final Registry registry;
  private final Configuration configuration;

  public ModelTable(Registry registry, Configuration configuration) {
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
    VersionRecord known = registry.record(version);
    String trained = "-";
    String perplexity = "-";
    String note = known.reason() == null ? "" : known.reason();
    try {
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
            note)
        .stripTrailing();
  }

  /** Per word where the model was judged, else per token as of its training. */
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
}
