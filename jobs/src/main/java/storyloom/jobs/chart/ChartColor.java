package storyloom.jobs.chart;

import java.awt.Color;
import java.util.Arrays;
import java.util.Locale;

/**
 * The colours of all charts. In a page each is a CSS variable, {@code --chart-first} and so on,
 * that its style sheet gives other values in the dark; elsewhere they are those of light paper.
 */
public enum ChartColor {
  /** Of letters and axes. */
  INK(0x222222),
  /** Of lines that only guide the eye. */
  GRID(0xDDE1E6),
  /** Of the first series. */
  FIRST(0x2F6095),
  /** Of the second. */
  SECOND(0xB04A36),
  /** Of the third. */
  THIRD(0x3F7D3D),
  /** Of what stands in the background. */
  OTHERS(0x8A8F98),
  /** Of the largest weight of a heat map. */
  FULL(0x12355B);

  /** Of what lies below a chart: whatever the page has. */
  static final Color NONE = new Color(0, 0, 0, 0);

  private final Color light;

  ChartColor(int rgb) {
    this.light = new Color(rgb);
  }

  /** On light paper. */
  public Color light() {
    return light;
  }

  /** In a style sheet: the variable, and what it is where nobody sets it. */
  private String css() {
    return "var(--chart-%s, #%06x)"
        .formatted(name().toLowerCase(Locale.ROOT), light.getRGB() & 0xFFFFFF);
  }

  /**
   * A value of a style with the variable in the place of the colour.
   *
   * @param value as Batik writes it, {@code rgb(34,34,34)}; others are left alone
   */
  static String inCss(String value) {
    return Arrays.stream(values())
        .filter(
            each ->
                value.equals(
                    "rgb(%d,%d,%d)"
                        .formatted(
                            each.light.getRed(), each.light.getGreen(), each.light.getBlue())))
        .findFirst()
        .map(ChartColor::css)
        .orElse(value);
  }
}
