package storyloom.pipeline.corpus.read;

import java.io.Serializable;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import storyloom.model.UserException;

/**
 * How the values of a CSV file are kept apart.
 *
 * @param separator between two values
 * @param quote around a value that holds what would end it; {@code '\0'} for none
 * @param header whether the first line names the columns
 * @param encoding name of the character set
 */
public record CsvDialect(char separator, char quote, boolean header, String encoding)
    implements Serializable {

  /** The options that {@link #with} takes. */
  public static final Set<String> OPTIONS =
      Set.of("header", "sep", "delimiter", "quote", "encoding");

  private static final char NONE = '\0';

  /** As RFC 4180 has it, in UTF-8. */
  static CsvDialect standard(DataFormat format) {
    return new CsvDialect(
        format == DataFormat.TSV ? '\t' : ',', '"', true, StandardCharsets.UTF_8.name());
  }

  /**
   * The dialect of CSV or TSV with other options, called as Spark calls them.
   *
   * @throws UserException of usage if one has a value that makes no sense
   */
  public static CsvDialect with(DataFormat format, Map<String, String> options) {
    CsvDialect standard = standard(format);
    String separator = options.getOrDefault("sep", options.get("delimiter"));
    String quote = options.get("quote");
    return new CsvDialect(
        separator == null ? standard.separator : character("sep", separator.replace("\\t", "\t")),
        quote == null ? standard.quote : quote.isEmpty() ? NONE : character("quote", quote),
        Boolean.parseBoolean(options.getOrDefault("header", "true")),
        encoding(options).name());
  }

  /**
   * The character set that options name, else UTF-8.
   *
   * @throws UserException of usage if Java has none of the name, or its lines do not end with a
   *     single byte, as those of UTF-16 do not
   */
  public static Charset encoding(Map<String, String> options) {
    String name = options.getOrDefault("encoding", StandardCharsets.UTF_8.name());
    Charset charset;
    try {
      charset = Charset.forName(name);
    } catch (IllegalArgumentException unknown) {
      throw UserException.usage(
          "--input-option encoding=%s: there is no such encoding".formatted(name), unknown);
    }
    if (!charset.canEncode() || !Arrays.equals("\n".getBytes(charset), new byte[] {'\n'})) {
      throw UserException.usage(
          "--input-option encoding=%s: its lines do not end with a byte of their own; write the file in UTF-8"
              .formatted(name));
    }
    return charset;
  }

  private static char character(String option, String value) {
    if (value.length() != 1 || value.equals("\n")) {
      throw UserException.usage(
          "--input-option %s must be one character, not \"%s\"".formatted(option, value));
    }
    return value.charAt(0);
  }

  boolean hasQuotes() {
    return quote != NONE;
  }
}
