package storyloom.model.text.clean;

import java.util.List;

/**
 * Writes punctuation in plain ASCII, one way only: quotes as {@code "} and {@code '}, a dash as
 * {@code --} between spaces, a hyphen as {@code -}, an ellipsis as three dots, and no mark more
 * than three times in a row.
 */
final class PunctuationRule implements CleaningRule {

  private static final List<Rewrite> REWRITES =
      List.of(
          Rewrite.of("'' (?<=(?:^|\n)\\*{0,3}'' )(?=\\S)", "\"", "'' "),
          // '' closes where a space or a mark follows, and opens elsewhere
          Rewrite.of(" ?''(?=[\\s.,!?;:)]|$)", "\"", " ''", "''"),
          Rewrite.of("''", "\"", "''"),
          Rewrite.of("`", "'", "`"),
          Rewrite.of("\\. \\.(?: \\.)?", "...", ". ."),
          Rewrite.of("\\.{4,}+", "...", "...."),
          Rewrite.of("!{4,}+", "!!!", "!!!!"),
          Rewrite.of("\\?{4,}+", "???", "????"),
          Rewrite.of("([=~_#+])\\1{3,}+", "$1$1$1", "====", "~~~~", "____", "####", "++++"),
          Rewrite.of("-{3,}+", "--", "---"),
          Rewrite.of("(?<=\\S) - (?=\\S)(?!(?<=\\d - )\\d)", " -- ", " - "),
          Rewrite.of("- (?<=\\p{L}- )(?=\\p{L})", " -- ", "- "),
          Rewrite.of("-- ?(?<=[\\p{L}\\p{N}]--[ ]{0,1})(?=[\\p{L}\\p{N}])", " -- ", "--"),
          Rewrite.of(" --(?<=[\\p{L}\\p{N}] --)(?=[\\p{L}\\p{N}])", " -- ", " --"));

  /**
   * Curly marks that were split off as tokens say where they belong, which plain ones do not: in a
   * contraction, behind a word, before one.
   */
  private static final List<Rewrite> SPLIT_OFF =
      List.of(
          Rewrite.of(
              "(?i) ’ (?<=[\\p{L}\\p{N}] ’ )(?=(?:s|t|d|m|re|ve|ll|am|all|clocks?)(?![\\p{L}’]))",
              "’",
              " ’ "),
          Rewrite.of("(?i) ’ (?=(?:em|til|cause|tis|twas|\\d0s)(?!\\p{L}))", " ’", " ’ "),
          Rewrite.of(" ’(?=[\\s.,!?;:)”]|$)", "’", " ’"),
          Rewrite.of("‘ (?=\\S)", "‘", "‘ "),
          Rewrite.of("“ (?=\\S)", "“", "“ "),
          Rewrite.of(" ”(?=[\\s.,!?;:)]|$)", "”", " ”"));

  @Override
  public String name() {
    return "punctuation";
  }

  @Override
  public String apply(String text) {
    String joined = Rewrite.applyAll(SPLIT_OFF, text);
    return Rewrite.applyAll(REWRITES, plain(withoutBackticks(joined)));
  }

  /**
   * Two backticks open a quote. Where one is open already they close it, if what precedes ends a
   * part of speech or nothing follows: some write both alike.
   */
  private static String withoutBackticks(String text) {
    int at = text.indexOf("``");
    if (at < 0) {
      return text;
    }
    StringBuilder result = new StringBuilder(text.length());
    int copied = 0;
    boolean open = false;
    for (; at >= 0; at = text.indexOf("``", copied)) {
      open = isOpen(text, copied, at, open);
      result.append(text, copied, at);
      copied = at + 2;
      boolean closes =
          (open && (endsLine(text, copied) || endsSpeech(text, at)))
              || (breaksLine(text, copied) && endsSpeech(text, at));
      if (closes) {
        trimEnd(result);
      } else if (copied < text.length() && text.charAt(copied) == ' ') {
        copied++;
      }
      result.append('"');
      open = !closes;
    }
    return result.append(text, copied, text.length()).toString();
  }

  private static boolean isOpen(String text, int from, int to, boolean before) {
    boolean open = before;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      boolean closing = c == '\'' && i + 1 < text.length() && text.charAt(i + 1) == '\'';
      if (c == '\n' || closing) {
        open = false;
      } else if (c == '"') {
        open = !open;
      }
    }
    return open;
  }

  private static boolean endsLine(String text, int at) {
    return breaksLine(text, at) || ".,!?;:".indexOf(text.charAt(afterSpaces(text, at))) >= 0;
  }

  private static boolean breaksLine(String text, int at) {
    int i = afterSpaces(text, at);
    return i == text.length() || text.charAt(i) == '\n';
  }

  private static int afterSpaces(String text, int at) {
    int i = at;
    while (i < text.length() && text.charAt(i) == ' ') {
      i++;
    }
    return i;
  }

  private static boolean endsSpeech(String text, int at) {
    int i = at - 1;
    while (i >= 0 && text.charAt(i) == ' ') {
      i--;
    }
    return i >= 0 && ".,!?-—…".indexOf(text.charAt(i)) >= 0;
  }

  private static void trimEnd(StringBuilder text) {
    while (text.length() > 0 && text.charAt(text.length() - 1) == ' ') {
      text.setLength(text.length() - 1);
    }
  }

  private static String plain(String text) {
    int seen = 0;
    while (seen < text.length() && text.charAt(seen) < 0x80) {
      seen++;
    }
    if (seen == text.length()) {
      return text;
    }
    StringBuilder result = new StringBuilder(text.length() + 16).append(text, 0, seen);
    for (int i = seen; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '“', '”', '„', '‟', '«', '»', '″', '〝', '〞', '＂' -> result.append('"');
        case '‘', '’', '‚', '‛', '‹', '›', '′', '´', 'ʼ', '＇' -> result.append('\'');
        case '‐', '‑', '‒', '–', '−' -> result.append('-');
        case '—', '―' -> result.append("--");
        case '…' -> result.append("...");
        default -> result.append(c);
      }
    }
    return result.toString();
  }
}
