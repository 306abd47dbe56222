package storyloom.jobs.chart;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.function.Supplier;
import javax.imageio.ImageIO;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.internal.chartpart.Chart;
import storyloom.jobs.cli.Console;

/**
 * Pictures as PNG files, drawn without a screen if that can be done: some machines have a Java
 * without fonts.
 */
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

  /** The bytes of a PNG file. */
  static byte[] png(BufferedImage image) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", bytes);
    } catch (IOException fault) {
      throw new UncheckedIOException(fault);
    }
    return bytes.toByteArray();
  }

  /** The bytes of a PNG file. */
  public static byte[] png(Chart<?, ?> chart) {
    try {
      return BitmapEncoder.getBitmapBytes(chart, BitmapFormat.PNG);
    } catch (IOException fault) {
      throw new UncheckedIOException(fault);
    }
  }
}
