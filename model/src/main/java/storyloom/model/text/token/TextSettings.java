package storyloom.model.text.token;

import java.io.Serializable;
import java.util.List;

/**
 * How text becomes ids. It stands in every bundle, so that serving reads text just as training did.
 *
 * @param rules names of the per-text cleaning rules that are on, in the order they are applied
 * @param tokenizer kind of tokenizer: {@code words} or {@code bpe}
 * @param lowercase whether case is folded; sentence case is restored on the way back
 * @param maxPromptTokens longest prompt in tokens; what is beyond is cut off in training, rejected
 *     when generating
 * @param maxStoryTokens longest story in tokens, {@code <end>} not counted
 */
public record TextSettings(
    List<String> rules,
    String tokenizer,
    boolean lowercase,
    int maxPromptTokens,
    int maxStoryTokens)
    implements Serializable {

  public TextSettings {
    rules = List.copyOf(rules);
  }
}
