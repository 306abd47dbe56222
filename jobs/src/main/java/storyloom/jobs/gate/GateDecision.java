package storyloom.jobs.gate;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a gate says of a model.
 *
 * @param checks each thing it looked at
 */
public record GateDecision(List<Check> checks) {

  /**
   * One thing that a gate looks at, in words.
   *
   * @param name what it is
   * @param candidate what the new model has
   * @param current what the current one has; {@code -} if there is none
   * @param bound what is asked for
   * @param passed whether the new model has it
   */
  public record Check(
      String name, String candidate, String current, String bound, boolean passed) {}

  public GateDecision {
    checks = List.copyOf(checks);
  }

  /** The same with another check behind the others. */
  GateDecision with(Check check) {
    return new GateDecision(Stream.concat(checks.stream(), Stream.of(check)).toList());
  }

  /** Whether the model may become the current one. */
  boolean passed() {
    return checks.stream().allMatch(Check::passed);
  }

  /** What it lacks, in one line; empty if nothing. */
  public String reason() {
    return checks.stream()
        .filter(check -> !check.passed())
        .map(
            check ->
                "%s is %s, must be %s".formatted(check.name(), check.candidate(), check.bound()))
        .collect(Collectors.joining("; "));
  }
}
