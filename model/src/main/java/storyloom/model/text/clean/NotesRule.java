package storyloom.model.text.clean;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Takes away in what an author speaks of the post rather than tells the story: notes, thanks for
 * reading, apologies for the formatting. They are short lines at the start or the end of a story,
 * and the last sentences of a longer line at its end.
 *
 * <p>Such lines must give themselves away by what only a post has (a sign: {@link NotePhrase}),
 * once. What a story may say as well (a hint), such as a greeting or {@code Note:}, goes along with
 * it, or where two different ones stand together; one alone is the story's. So is speech, and a
 * story that is one line stays as it is.
 */
final class NotesRule implements CleaningRule {

  /** Longest line that goes as a whole, at the start and at the end. Unit: characters. */
  private static final int LONGEST_FIRST = 200;

  private static final int LONGEST_LAST = 120;

  /** Longest line that goes as a whole because it says what it is. Unit: characters. */
  private static final int LONGEST_LABELLED = 350;

  /** Longest line that goes as a whole because it stands in brackets. Unit: characters. */
  private static final int LONGEST_ASIDE = 600;

  /** How far back from the end of a story sentences are looked at. Unit: characters. */
  private static final int LAST_SENTENCES = 600;

  @Override
  public String name() {
    return "notes";
  }

  @Override
  public boolean concerns(TextSide side) {
    return side == TextSide.STORY;
  }

  @Override
  public String apply(String text) {
    int start = 0;
    Set<NotePhrase> before = new HashSet<>();
    for (int lineEnd = text.indexOf('\n'); lineEnd >= 0; lineEnd = text.indexOf('\n', start)) {
      Set<NotePhrase> found = ofLine(text, start, lineEnd, LONGEST_FIRST);
      if (found.isEmpty()) {
        break;
      }
      before.addAll(found);
      start = lineEnd + 1;
    }
    int end = text.length();
    Set<NotePhrase> behind = new HashSet<>();
    int lineStart = text.lastIndexOf('\n') + 1;
    for (; lineStart > start; lineStart = text.lastIndexOf('\n', end - 1) + 1) {
      Set<NotePhrase> found = ofLine(text, lineStart, end, LONGEST_LAST);
      if (found.isEmpty()) {
        break;
      }
      behind.addAll(found);
      end = lineStart - 1;
    }
    boolean certain = NotePhrase.areCertain(before) || NotePhrase.areCertain(behind);
    if (!certain) {
      start = 0;
      end = text.length();
      lineStart = text.lastIndexOf('\n') + 1;
    }
    return text.substring(start, lineStart == 0 ? end : endOfStory(text, lineStart, end, certain));
  }

  /** What speaks for the line's being a note. */
  private static Set<NotePhrase> ofLine(String text, int start, int end, int longest) {
    int length = end - start;
    if (length > LONGEST_ASIDE || length == 0) {
      return Set.of();
    }
    String raw = text.substring(start, end);
    String line = raw.toLowerCase(Locale.ROOT);
    boolean labelled = NotePhrase.LABEL.isIn(line);
    boolean aside = isAside(line);
    int most = aside ? LONGEST_ASIDE : labelled ? LONGEST_LABELLED : longest;
    if (length > most || ReportedSpeech.isIn(raw)) {
      return Set.of();
    }
    Set<NotePhrase> found = labelled ? Set.of(NotePhrase.LABEL) : NotePhrase.in(line);
    if (aside && !inSentences(found).isEmpty()) {
      found = new HashSet<>(found);
      found.add(NotePhrase.BRACKETS);
    }
    return found;
  }

  private static boolean isAside(String line) {
    char first = line.charAt(line.charAt(0) == '^' ? Math.min(2, line.length() - 1) : 0);
    char last = line.charAt(line.length() - 1);
    return (first == '(' && last == ')') || (first == '[' && last == ']');
  }

  /** Those that are not a matter of a whole line. */
  private static Set<NotePhrase> inSentences(Set<NotePhrase> phrases) {
    return phrases.stream()
        .filter(each -> each.kind() != NotePhrase.Kind.LINE_HINT)
        .collect(Collectors.toSet());
  }

  /**
   * Where the last line, which is too long to be a note as a whole, comes to speak of the post: the
   * first sentence that does, if what follows speaks of it for the most part.
   */
  private static int endOfStory(String text, int lineStart, int end, boolean certain) {
    int from = Math.max(lineStart, end - LAST_SENTENCES);
    String tail = text.substring(from, end);
    if (lineStart >= end || text.charAt(lineStart) == '"') {
      return end;
    }
    int result = end;
    int speaking = 0;
    Set<NotePhrase> found = new HashSet<>();
    int sentenceEnd = tail.length();
    for (int i = tail.length() - 1; i > 0; i--) {
      if (tail.charAt(i) != ' ' || ".!?)".indexOf(tail.charAt(i - 1)) < 0) {
        continue;
      }
      String sentence = tail.substring(i + 1, sentenceEnd);
      if (sentence.indexOf('"') >= 0 || ReportedSpeech.isIn(sentence)) {
        break;
      }
      Set<NotePhrase> here = inSentences(NotePhrase.in(sentence.toLowerCase(Locale.ROOT)));
      if (!here.isEmpty()) {
        found.addAll(here);
        speaking += sentenceEnd - i;
        if ((certain || NotePhrase.areCertain(found)) && 2 * speaking >= tail.length() - i) {
          result = from + i;
        }
      }
      sentenceEnd = i;
    }
    return result;
  }
}
