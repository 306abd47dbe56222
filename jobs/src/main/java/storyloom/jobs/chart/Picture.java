package storyloom.jobs.chart;

import java.util.Optional;
import java.util.function.Supplier;
import storyloom.jobs.cli.Console;

/** Draws where that can be done: some machines have a Java without fonts. */
public final class Picture {

  private Picture() {}

  /**
   * A picture; nothing, but a warning, on machines that cannot draw.
   *
   * @param what it would have shown
   */
  public static Optional<byte[]> drawn(String what, Supplier<byte[]> png) {
    try {
      return Optional.of(png.get());
    } catch (RuntimeException | LinkageError | InternalError undrawable) {
      Console.warn(
          "no picture of %s, because this Java cannot draw: %s".formatted(what, undrawable));
      return Optional.empty();
    }
  }
}
