package storyloom.serve.http;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** How much a client likes which media types, by its header Accept, as RFC 9110 has it. */
final class AcceptHeader {

  private static final String ALL = "*/*";

  private static final Pattern QUALITY = Pattern.compile("0(\\.\\d{0,3})?|1(\\.0{0,3})?");
  private static final int BEST = 1000;

  /**
   * Media types and how much they are liked.
   *
   * @param types in lower case, such as {@code text/html} or {@code text/*}
   * @param quality in thousandths; 0 for what is not wanted
   */
  private record Range(String types, int quality) {}

  private final List<Range> ranges = new ArrayList<>();

  /**
   * @param values of all headers Accept that a request has
   */
  AcceptHeader(Enumeration<String> values) {
    for (String value : Collections.list(values)) {
      for (String range : value.split(",")) {
        ranges.add(range(range));
      }
    }
  }

  private static Range range(String text) {
    String[] parts = text.split(";", -1);
    int quality = BEST;
    for (int i = 1; i < parts.length; i++) {
      String[] parameter = parts[i].split("=", 2);
      if (parameter[0].strip().equalsIgnoreCase("q") && parameter.length == 2) {
        quality = quality(parameter[1].strip());
      }
    }
    return new Range(parts[0].strip().toLowerCase(Locale.ROOT), quality);
  }

  private static int quality(String text) {
    return QUALITY.matcher(text).matches()
        ? (int) Math.round(BEST * Double.parseDouble(text))
        : BEST; // a range with a mistake is one all the same
  }

  /** Whether one media type is to be sent rather than another: of equals, if it is named. */
  boolean prefers(String type, String other) {
    int quality = of(type);
    int least = of(other);
    return quality > least || (quality == least && quality > 0 && isNamed(type));
  }

  private boolean isNamed(String type) {
    return ranges.stream().anyMatch(range -> range.types().equals(type));
  }

  /** By the narrowest of the ranges that hold the type. */
  private int of(String type) {
    String group = type.substring(0, type.indexOf('/')) + "/*";
    for (String types : List.of(type, group, ALL)) {
      OptionalInt quality =
          ranges.stream()
              .filter(range -> range.types().equals(types))
              .mapToInt(Range::quality)
              .max();
      if (quality.isPresent()) {
        return quality.getAsInt();
      }
    }
    return 0;
  }
}
