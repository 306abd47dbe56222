package storyloom.jobs.run;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import storyloom.jobs.cli.Console;
import storyloom.model.bundle.Bundle;
import storyloom.model.text.token.TextSettings;

/** Says that a model learned from text that other rules cleaned than those of this program. */
public final class RulesNotice {

  private RulesNotice() {}

  /**
   * Warns of a model that is about to be used; says nothing if the rules are the same.
   *
   * @param bundle directory of the model
   */
  public static void warn(Path bundle, Configuration configuration) {
    warn(bundle.getName(), Bundle.text(bundle, configuration));
  }

  /** As {@link #warn(Path, Configuration)}, of a model that has been read. */
  public static void warn(String model, TextSettings text) {
    text.otherRules().ifPresent(others -> Console.warn("%s: %s".formatted(model, others)));
  }
}
