package storyloom.pipeline.generate;

import java.util.Locale;
import java.util.regex.Pattern;
import storyloom.model.UserException;
import storyloom.model.decode.DecodingOption;

/** In whose words a mistake is told: those of Spark ML, or those of a command. */
public enum Wording {
  /** By the parameters of {@link StoryGenerator}. */
  PARAMETERS("%sCol"),
  /** By the options of generate.jar. */
  OPTIONS("--columns %s=NAME");

  private static final Pattern KEY = Pattern.compile("\\bdecode\\.([a-z-]*[a-z])");

  private final String column;

  Wording(String column) {
    this.column = column;
  }

  /** What names the column of the prompts. */
  String prompt() {
    return column.formatted("prompt");
  }

  /** What names the column that tells rows of equal prompts apart. */
  String key() {
    return this == OPTIONS ? "--key NAME" : column.formatted("key");
  }

  /** What names a column that is added. */
  String column(StoryColumn added) {
    return column.formatted(this == OPTIONS ? added.label() : paramName(added.label()));
  }

  /** A mistake that speaks of settings, in these words. */
  UserException of(UserException mistake) {
    return this == OPTIONS ? mistake : inParams(mistake);
  }

  /** A mistake with the names of decoding parameters in place of the keys of their settings. */
  public static UserException inParams(UserException mistake) {
    String told = KEY.matcher(mistake.getMessage()).replaceAll(key -> paramName(key.group(1)));
    return mistake.withMessage(told);
  }

  /** The name of an option's parameter: {@code topP}. */
  static String paramName(DecodingOption option) {
    return paramName(option.label());
  }

  private static String paramName(String label) {
    return Pattern.compile("[-_](.)")
        .matcher(label)
        .replaceAll(m -> m.group(1).toUpperCase(Locale.ROOT));
  }
}
