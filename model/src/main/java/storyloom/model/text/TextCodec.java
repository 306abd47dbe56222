package storyloom.model.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import storyloom.model.text.clean.TextCleaner;
import storyloom.model.text.token.TextSettings;
import storyloom.model.text.token.Vocabulary;

/**
 * Turns raw text into ids and ids into text. Training, batch generation, evaluation and serving all
 * use this class, so that they never see different text. No {@code <start>} or {@code <end>} is
 * added here. Immutable; safe to share between threads.
 */
public final class TextCodec {

  private final TextReader reader;
  private final Vocabulary vocabulary;
  private final int maxPromptTokens;

  /**
   * @throws storyloom.model.UserException if the settings name an unknown rule or tokenizer
   */
  public TextCodec(TextSettings settings, Vocabulary vocabulary) {
    this.reader = new TextReader(settings, vocabulary);
    this.vocabulary = vocabulary;
    this.maxPromptTokens = settings.maxPromptTokens();
  }

  /** What reads the text before ids are looked up. */
  public TextReader reader() {
    return reader;
  }

  /** The cleaner of both prompts and stories. */
  public TextCleaner cleaner() {
    return reader.cleaner();
  }

  /** The tokens this codec knows. */
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  /** The ids of a raw prompt, not cut; none if nothing is left of it after cleaning. */
  public int[] promptIds(String raw) {
    return ids(reader.promptTokens(raw));
  }

  /** The ids of a raw story, cut at a sentence end where it is too long. */
  public int[] storyIds(String raw) {
    return ids(reader.storyTokens(raw));
  }

  /** The ids of tokens; {@link Vocabulary#OOV} for those that are not known. */
  public int[] ids(List<String> tokens) {
    int[] ids = new int[tokens.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = vocabulary.id(tokens.get(i));
    }
    return ids;
  }

  /** Whether a prompt has more than {@code text.max-prompt-tokens} tokens. */
  public boolean isPromptTooLong(int[] promptIds) {
    return promptIds.length > maxPromptTokens;
  }

  /** The first {@code text.max-prompt-tokens} ids of a prompt. */
  public int[] cutPrompt(int[] promptIds) {
    return isPromptTooLong(promptIds) ? Arrays.copyOf(promptIds, maxPromptTokens) : promptIds;
  }

  /** The text of a story's ids, with real line breaks. */
  public String story(int[] ids) {
    List<String> tokens = new ArrayList<>(ids.length);
    for (int id : ids) {
      tokens.add(vocabulary.token(id));
    }
    return reader.text(tokens);
  }
}
