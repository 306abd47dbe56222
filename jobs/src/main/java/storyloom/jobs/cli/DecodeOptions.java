package storyloom.jobs.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import storyloom.model.decode.DecodingOption;
import storyloom.model.settings.Settings;

/** The options that stand for a {@link DecodingOption} each, and go before the settings. */
public final class DecodeOptions {

  private DecodeOptions() {}

  /** All of them, to be mixed into a command. */
  public static CommandSpec spec() {
    CommandSpec spec = CommandSpec.create();
    for (DecodingOption option : DecodingOption.values()) {
      spec.addOption(
          OptionSpec.builder("--" + option.label())
              .type(String.class)
              .paramLabel(option.placeholder())
              .description(option.doc())
              .build());
    }
    return spec;
  }

  /**
   * The settings with what was given on the command line over them.
   *
   * @param given {@link #spec} after the command line was read
   * @throws storyloom.model.UserException if a value is out of its range
   */
  public static Settings over(CommandSpec given, Settings settings) {
    Settings changed = settings;
    for (DecodingOption option : DecodingOption.values()) {
      String value = given.findOption("--" + option.label()).getValue();
      changed = value == null ? changed : changed.with(option.key(), value);
    }
    return changed;
  }
}
