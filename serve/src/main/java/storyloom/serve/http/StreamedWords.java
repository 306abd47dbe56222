package storyloom.serve.http;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import storyloom.model.text.IncrementalDetokenizer;
import storyloom.model.text.TextCodec;
import storyloom.serve.story.PendingStory.News;

/**
 * The words of a story as its tokens come: text that together is the story, each with what the
 * model looked at when it wrote it: where a word has several tokens, on average.
 */
final class StreamedWords {

  private static final double PRECISION = 1e4;

  private final TextCodec codec;
  private final IncrementalDetokenizer text;
  private final boolean attention;
  private double[] looked = {};
  private int tokens;

  /**
   * @param attention whether what the model looked at is told
   */
  StreamedWords(TextCodec codec, boolean attention) {
    this.codec = codec;
    this.text = new IncrementalDetokenizer(codec);
    this.attention = attention;
  }

  /** The word that a token has made certain, as JSON; empty if there is none yet. */
  Optional<Map<String, Object>> add(News.Token token) {
    if (attention) {
      looked = tokens == 0 ? new double[token.attention().length] : looked;
      for (int i = 0; i < looked.length; i++) {
        looked[i] += token.attention()[i];
      }
    }
    tokens++;
    return word(text.add(codec.vocabulary().token(token.id())));
  }

  /** What is left when the story is over. */
  Optional<Map<String, Object>> rest() {
    return word(text.rest());
  }

  private Optional<Map<String, Object>> word(String fresh) {
    if (fresh.isEmpty()) {
      return Optional.empty();
    }
    Map<String, Object> word = new LinkedHashMap<>();
    word.put("text", fresh);
    if (attention) {
      int of = tokens;
      word.put("weights", Arrays.stream(looked).map(sum -> rounded(sum / of)).toArray());
    }
    tokens = 0;
    return Optional.of(word);
  }

  private static double rounded(double weight) {
    return Math.round(weight * PRECISION) / PRECISION;
  }
}
