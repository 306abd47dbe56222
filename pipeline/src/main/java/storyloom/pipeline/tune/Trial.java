package storyloom.pipeline.tune;

import java.util.SortedMap;
import storyloom.model.settings.Settings;

/**
 * Settings that are tried.
 *
 * @param number counted from 0
 * @param values what was drawn: the space's keys with their values
 * @param settings all of the trial's, those among them
 * @param corpus that it is trained on
 */
public record Trial(
    int number, SortedMap<String, String> values, Settings settings, TrialCorpus corpus) {

  /** The name of its folder. */
  public String folder() {
    return folder(number);
  }

  /** The name of the folder of a trial. */
  public static String folder(int number) {
    return "trial-%05d".formatted(number);
  }
}
