package storyloom.jobs.chart;

import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The data of an SVG path (SVG 1.1, §8.3) in as few letters as can be: each point by its distance
 * from the one before. A heat map has thousands of them.
 */
final class PathData {

  private static final Pattern TOKEN = Pattern.compile("[MLQCZ]|-?[0-9.]+(?:E-?[0-9]+)?");

  private final int decimals;
  private final StringBuilder out = new StringBuilder();

  /** Where the pen is, and where it was put down, in units of the last decimal. */
  private final long[] pen = new long[2];

  private final long[] start = new long[2];

  private PathData(int decimals) {
    this.decimals = decimals;
  }

  /**
   * @param data with the commands M, L, Q, C and Z and a letter for each of them, as Batik writes
   *     it
   * @param decimals that are kept; points are rounded, not their distances, so that no error grows
   * @throws IllegalArgumentException if there are other commands
   */
  static String shortened(String data, int decimals) {
    PathData path = new PathData(decimals);
    Matcher tokens = TOKEN.matcher(data);
    int end = 0;
    while (tokens.find()) {
      requireBlank(data, end, tokens.start());
      char command = tokens.group().charAt(0);
      long[] numbers = new long[numbers(command, data)];
      for (int i = 0; i < numbers.length && tokens.find(); i++) {
        numbers[i] = path.units(tokens.group());
      }
      path.add(command, numbers);
      end = tokens.end();
    }
    requireBlank(data, end, data.length());
    return path.out.toString();
  }

  private static void requireBlank(String data, int from, int to) {
    if (!data.substring(from, to).isBlank()) {
      throw new IllegalArgumentException("no path that can be shortened: " + data);
    }
  }

  private static int numbers(char command, String data) {
    return switch (command) {
      case 'M', 'L' -> 2;
      case 'Q' -> 4;
      case 'C' -> 6;
      case 'Z' -> 0;
      default -> throw new IllegalArgumentException("no path that can be shortened: " + data);
    };
  }

  private long units(String number) {
    return Math.round(Double.parseDouble(number) * Math.pow(10, decimals));
  }

  private void add(char command, long[] numbers) {
    out.append(Character.toLowerCase(command));
    if (command == 'Z') {
      pen[0] = start[0];
      pen[1] = start[1];
      return;
    }
    for (int i = 0; i < numbers.length; i++) {
      String distance = written(numbers[i] - pen[i % 2]);
      if (i > 0 && distance.charAt(0) != '-') {
        out.append(' ');
      }
      out.append(distance);
    }
    pen[0] = numbers[numbers.length - 2];
    pen[1] = numbers[numbers.length - 1];
    if (command == 'M') {
      start[0] = pen[0];
      start[1] = pen[1];
    }
  }

  /** Without zeros that say nothing. */
  private String written(long units) {
    if (units == 0) {
      return "0";
    }
    String plain = BigDecimal.valueOf(units, decimals).stripTrailingZeros().toPlainString();
    return plain.replaceFirst("^(-?)0\\.", "$1.");
  }
}
