package storyloom.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import storyloom.jobs.Commands;
import storyloom.jobs.DemoSummary;
import storyloom.jobs.EvaluateJob;
import storyloom.jobs.GenerateJob;
import storyloom.jobs.TrainJob;

final class CommandRunnerTest {

  static Stream<Named<ToIntFunction<String[]>>> commands() {
    return Stream.of(
        Named.of("train", TrainJob::run),
        Named.of("generate", GenerateJob::run),
        Named.of("evaluate", EvaluateJob::run),
        Named.of("summary", DemoSummary::run));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void helpListsTheOptionsAndTheExitStatuses(ToIntFunction<String[]> command) {
    Commands.Result result = Commands.run(command, "--help");

    assertThat(result.status()).isZero();
    assertThat(result.err()).isEmpty();
    assertThat(String.join("\n", result.out())).contains("Usage:", "--verbose", "Exit status:");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void unknownOptionIsNamedAndHelpIsPointedTo(ToIntFunction<String[]> command) {
    Commands.Result result = Commands.run(command, "--bogus");

    assertThat(result.status()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.error()).contains("--help");
  }

  @Test
  void unknownOptionIsNamed() {
    assertThat(Commands.train("--bogus").error())
        .isEqualTo("error: Unknown option: '--bogus'; --help lists the options");
  }

  @Test
  void missingValueIsNamed() {
    assertThat(Commands.train("--config").error()).contains("'--config'");
  }

  @Test
  void missingOptionIsNamed() {
    Commands.Result result = Commands.generate("--limit", "3");

    assertThat(result.status()).isEqualTo(2);
    assertThat(result.error()).contains("--input");
  }

  @Test
  void misspeltKeyIsRefusedBeforeSparkStarts() {
    Commands.Result result = Commands.train("--set", "train.epoch=3");

    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err()).containsExactly(result.error());
    assertThat(result.error()).contains("train.epoch", "train.epochs");
  }

  @Test
  void numberOutOfRangeIsRefusedWithItsRange() {
    Commands.Result result = Commands.train("--set", "model.dropout=1.5");

    assertThat(result.status()).isEqualTo(2);
    assertThat(result.error()).contains("model.dropout", "0.95", "1.5");
  }

  @Test
  void stackTraceOfAMistakeIsShownWhenAskedFor() {
    Commands.Result result = Commands.train("--verbose", "--set", "train.epoch=3");

    assertThat(result.err()).anyMatch(line -> line.startsWith("\tat "));
    assertThat(result.error()).contains("train.epoch");
  }
}
