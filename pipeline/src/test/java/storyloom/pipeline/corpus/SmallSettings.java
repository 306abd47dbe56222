package storyloom.pipeline.corpus;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import storyloom.model.text.clean.TextCleaner;
import storyloom.model.text.filter.RejectionSettings;
import storyloom.pipeline.corpus.read.PairRule;

/** Settings for corpora of a few short pairs. */
public final class SmallSettings {

  private SmallSettings() {}

  /** All rules on, but those that reject short texts. */
  public static CorpusSettings at(String path) {
    return with(path, RejectionSettings.NONE, allDrops());
  }

  /** All rules on, but those that drop pairs and are not among these. */
  static CorpusSettings dropping(PairRule... rules) {
    return with("", RejectionSettings.NONE, Set.copyOf(List.of(rules)));
  }

  /** All rules on. */
  static CorpusSettings rejecting(RejectionSettings rejection) {
    return with("", rejection, allDrops());
  }

  private static Set<PairRule> allDrops() {
    return Arrays.stream(PairRule.values())
        .filter(PairRule::isOptional)
        .collect(Collectors.toSet());
  }

  private static CorpusSettings with(
      String path, RejectionSettings rejection, Set<PairRule> drops) {
    return new CorpusSettings(path, "auto", 0.05, 1000, drops, TextCleaner.ruleNames(), rejection);
  }
}
