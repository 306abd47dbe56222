package storyloom.serve.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import storyloom.model.decode.PromptReader;
import storyloom.model.text.TextCodec;
import storyloom.model.text.token.Spacing;
import storyloom.model.text.token.Tokenizer;
import storyloom.model.text.token.Vocabulary;

/**
 * The words and marks of a prompt as people see them, as JSON: {@code text}, how many {@code
 * tokens} it is to the model, and whether it is {@code known} to it. What only says how words stand
 * to each other counts with the word behind it; a line break is a word of its own.
 */
final class PromptWords {

  private PromptWords() {}

  /**
   * Those of a prompt that the model reads, so none that ends beyond the longest prompt.
   *
   * @param prompt may be one that was rejected
   */
  static List<Map<String, Object>> json(TextCodec codec, PromptReader.Reading prompt) {
    List<Map<String, Object>> json = new ArrayList<>();
    int read = codec.cutPrompt(prompt.tokens()).size();
    int start = 0;
    for (Tokenizer.Word word : codec.tokenizer().words(prompt.tokens())) {
      if (word.end() > read) {
        break;
      }
      if (!Spacing.isMarker(word.text())) {
        List<String> tokens = prompt.tokens().subList(start, word.end());
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("text", word.text().equals(Tokenizer.NEWLINE) ? "\n" : word.text());
        one.put("tokens", tokens.size());
        one.put("known", isKnown(prompt, tokens));
        json.add(one);
        start = word.end();
      }
    }
    return json;
  }

  private static boolean isKnown(PromptReader.Reading prompt, List<String> tokens) {
    return tokens.stream().noneMatch(token -> prompt.words().id(token) == Vocabulary.OOV);
  }
}
