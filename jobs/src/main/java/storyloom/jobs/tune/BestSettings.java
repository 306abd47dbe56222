package storyloom.jobs.tune;

import com.typesafe.config.ConfigUtil;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import storyloom.model.settings.Settings;
import storyloom.pipeline.tune.RungResult;

/**
 * The settings of a search's best trial as a configuration file: those that differ from the
 * defaults, and all that were searched over. How many workers train is none of them, unless the
 * user has said so.
 */
final class BestSettings {

  private static final String EPOCHS = "train.epochs";
  private static final List<String> SHOWN = List.of("home", "corpus.", "text.", "model.", "train.");

  private BestSettings() {}

  /**
   * The file's text.
   *
   * @param tuning its name
   * @param settings what all trials have in common
   * @param values what the best one has besides
   * @param best how far it has come
   * @param epochs of a trial that comes to its end
   */
  static String text(
      String tuning,
      Settings settings,
      SortedMap<String, String> values,
      RungResult best,
      int epochs) {
    SortedMap<String, String> lines = new TreeMap<>(Settings.recorded(settings.changed()));
    lines.keySet().removeIf(key -> SHOWN.stream().noneMatch(key::startsWith));
    lines.putAll(values);
    lines.put(EPOCHS, Integer.toString(epochs));
    return """
        # The best of the tuning %s: trial %d, perplexity per word %.2f on the validation split, by one worker.
        # spark-submit jobs/train.jar --config best.conf
        """
            .formatted(tuning, best.trial() + 1, best.bestPerplexity())
        + lines.entrySet().stream()
            .map(
                each ->
                    String.format(
                        Locale.ROOT,
                        "%s = %s%n",
                        each.getKey(),
                        ConfigUtil.quoteString(each.getValue())))
            .collect(Collectors.joining());
  }

  /**
   * Writes it.
   *
   * @throws storyloom.model.UserException of data if it cannot be written
   */
  static void write(TuningStart start, RungResult best) {
    String text =
        text(
            start.folder().name(),
            start.settings(),
            start.trials().get(best.trial()).values(),
            best,
            start.settings().integer("tune.epochs"));
    start.folder().write(start.folder().best(), text);
  }
}
