package storyloom.serve.http;

import java.util.Map;
import java.util.function.BiConsumer;

/** What every answer says to browsers: nothing of other hosts, no frames, no guesses at types. */
final class SecurityHeaders {

  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
          "X-Content-Type-Options",
          "nosniff",
          "X-Frame-Options",
          "DENY",
          "Referrer-Policy",
          "no-referrer",
          "Cache-Control",
          "no-store");

  private SecurityHeaders() {}

  /** Sets the headers by name and value. */
  static void set(BiConsumer<String, String> header) {
    HEADERS.forEach(header);
  }
}
