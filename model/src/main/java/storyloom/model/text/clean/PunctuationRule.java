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
          Rewrite.of("``\\s?", "\"", "``"),
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
          Rewrite.of("(?<=\\S) - (?=\\S)", " -- ", " - "),
          Rewrite.of("- (?<=\\p{L}- )(?=\\p{L})", " -- ", "- "),
          Rewrite.of("-- ?(?<=[\\p{L}\\p{N}]--[ ]{0,1})(?=[\\p{L}\\p{N}])", " -- ", "--"),
          Rewrite.of(" --(?<=[\\p{L}\\p{N}] --)(?=[\\p{L}\\p{N}])", " -- ", " --"));

  @Override
  public String name() {
    return "punctuation";
  }

  @Override
  public String apply(String text) {
    return Rewrite.applyAll(REWRITES, plain(text));
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
