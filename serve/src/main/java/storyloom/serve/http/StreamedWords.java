package storyloom.serve.http;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import storyloom.model.text.IncrementalDetokenizer;
import storyloom.model.text.PairVocabulary;
import storyloom.model.text.TextCodec;
import storyloom.serve.story.PendingStory.Event;

/**
 * The words of a story as its tokens come: pieces of text that together are the story, each with
 * its attention weights: the mean over its tokens if it has several.
 */
final class StreamedWords {

  private static final double PRECISION = 1e4;

  private final PairVocabulary vocabulary;
  private final IncrementalDetokenizer text;
  private final boolean attention;
  private double[] weights = {};
  private int tokens;

  /**
   * @param vocabulary of the prompt and its stories
   * @param attention whether words have their attention weights
   */
  StreamedWords(TextCodec codec, PairVocabulary vocabulary, boolean attention) {
    this.vocabulary = vocabulary;
    this.text = new IncrementalDetokenizer(codec);
    this.attention = attention;
  }

  /** The word that a token has made certain, as JSON; empty if there is none yet. */
  Optional<Map<String, Object>> add(Event.Token token) {
    if (attention) {
      weights = tokens == 0 ? new double[token.attention().length] : weights;
      for (int i = 0; i < weights.length; i++) {
        weights[i] += token.attention()[i];
      }
    }
    tokens++;
    return word(text.add(vocabulary.token(token.id())));
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
      word.put("weights", Arrays.stream(weights).map(sum -> rounded(sum / of)).toArray());
    }
    tokens = 0;
    return Optional.of(word);
  }

  private static double rounded(double weight) {
    return Math.round(weight * PRECISION) / PRECISION;
  }
}
