package storyloom.pipeline.corpus;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import storyloom.model.UserException;
import storyloom.model.settings.Settings;
import storyloom.model.text.filter.RejectionSettings;
import storyloom.pipeline.corpus.read.PairRule;

/**
 * What becomes of a corpus before anything is counted.
 *
 * @param path the setting {@code corpus.path}: a folder, a file or a pattern; any Hadoop URI
 * @param format the setting {@code corpus.format}: auto, or the name of a layout
 * @param validShare the setting {@code corpus.valid-share}; used if no valid split is given
 * @param maxCharacters the setting {@code corpus.max-characters}: pairs with a longer raw text are
 *     dropped uncleaned
 * @param drops rules that are on, of those that can be switched off
 * @param cleaning names of the per-text cleaning rules that are on
 * @param rejection which texts make a pair unfit
 */
public record CorpusSettings(
    String path,
    String format,
    double validShare,
    int maxCharacters,
    Set<PairRule> drops,
    List<String> cleaning,
    RejectionSettings rejection)
    implements Serializable {

  private static final String SWITCHES = "corpus.drop.";

  /**
   * @throws UserException of usage if the share is not between 0 and 1
   */
  public CorpusSettings {
    if (!(validShare > 0 && validShare < 1)) {
      throw UserException.usage(
          "corpus.valid-share must be above 0 and below 1, not " + validShare);
    }
    drops = Collections.unmodifiableSet(drops.isEmpty() ? Set.of() : EnumSet.copyOf(drops));
    cleaning = List.copyOf(cleaning);
  }

  /** What the settings say. */
  public static CorpusSettings of(Settings settings) {
    EnumSet<PairRule> drops = EnumSet.noneOf(PairRule.class);
    Arrays.stream(PairRule.values())
        .filter(rule -> rule.isOptional() && settings.flag(SWITCHES + rule))
        .forEach(drops::add);
    return new CorpusSettings(
        settings.text("corpus.path"),
        settings.text("corpus.format"),
        settings.number("corpus.valid-share"),
        settings.integer("corpus.max-characters"),
        drops,
        settings.textSettings().rules(),
        settings.rejectionSettings());
  }
}
