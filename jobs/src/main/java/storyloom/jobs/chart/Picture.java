package storyloom.jobs.chart;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.imageio.ImageIO;
import org.knowm.xchart.internal.chartpart.AxesChart;
import storyloom.jobs.cli.Console;

/**
 * A picture as SVG elements, drawn without a screen if that can be done: some machines have a Java
 * without fonts.
 *
 * @param wide for screens of a desk
 * @param narrow the same for phones: letters keep their size
 */
public record Picture(String wide, String narrow) {

  /** Sizes of charts. Unit: pixels. */
  private static final int WIDTH = 900;

  private static final int HEIGHT = 340;
  private static final int NARROW_WIDTH = 340;
  private static final int NARROW_HEIGHT = 300;

  /** Pixels of a file for each that is asked for, so that it is sharp on fine screens too. */
  static final int SHARPNESS = 2;

  /** A chart in both sizes. */
  public static Picture of(AxesChart<?, ?> chart) {
    Lettering lettering = Lettering.of(chart);
    return new Picture(
        Svg.of(WIDTH, HEIGHT, lettering, graphics -> chart.paint(graphics, WIDTH, HEIGHT)),
        Svg.of(
            NARROW_WIDTH,
            NARROW_HEIGHT,
            lettering,
            graphics -> chart.paint(graphics, NARROW_WIDTH, NARROW_HEIGHT)));
  }

  /**
   * A picture; nothing, but a warning, on machines that cannot draw.
   *
   * @param what it would have shown
   */
  public static <T> Optional<T> drawn(String what, Supplier<T> picture) {
    System.setProperty("java.awt.headless", "true");
    try {
      return Optional.of(picture.get());
    } catch (RuntimeException | LinkageError | InternalError undrawable) {
      Console.warn(
          "no picture of %s, because this Java cannot draw: %s".formatted(what, undrawable));
      return Optional.empty();
    }
  }

  /**
   * The bytes of a PNG file on white, with {@value #SHARPNESS} pixels for each that is painted.
   *
   * @param width as {@code height}: of what is painted
   */
  static byte[] png(int width, int height, Consumer<Graphics2D> painter) {
    BufferedImage image =
        new BufferedImage(SHARPNESS * width, SHARPNESS * height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      graphics.setColor(Color.WHITE);
      graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
      graphics.scale(SHARPNESS, SHARPNESS);
      graphics.setRenderingHint(
          RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
      painter.accept(graphics);
      ImageIO.write(image, "png", bytes);
    } catch (IOException fault) {
      throw new UncheckedIOException(fault);
    } finally {
      graphics.dispose();
    }
    return bytes.toByteArray();
  }
}
