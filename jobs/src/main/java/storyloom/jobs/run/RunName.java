package storyloom.jobs.run;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;

/** Names of what commands begin below home, such as {@code 20260101T000000-0000000a}. */
public final class RunName {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final Pattern NAME = Pattern.compile("\\d{8}T\\d{6}-[0-9a-f]{8}");
  private static final int CHANCE = 8;

  private RunName() {}

  /** The time and a random number: names are in the order of what they name. */
  public static String next() {
    return TIME.format(Instant.now()) + "-" + UUID.randomUUID().toString().substring(0, CHANCE);
  }

  /** Whether something is named so. */
  public static boolean is(String name) {
    return NAME.matcher(name).matches();
  }
}
