package storyloom.model.text;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import storyloom.model.text.token.Vocabulary;

/**
 * The ids of one prompt and its stories: those of the vocabulary and, where a model copies, behind
 * them one for each word of the prompt that the vocabulary lacks: V + the place at which it first
 * stands in the prompt, counted from 0. Such an id means nothing beside another prompt. Immutable.
 *
 * <p>Source: See, Liu and Manning 2017, §2.2, "extended vocabulary".
 */
public final class PairVocabulary {

  private final Vocabulary vocabulary;
  private final List<String> prompt;
  private final Map<String, Integer> own = new HashMap<>();

  private PairVocabulary(Vocabulary vocabulary, List<String> prompt) {
    this.vocabulary = vocabulary;
    this.prompt = List.copyOf(prompt);
    for (int place = 0; place < prompt.size(); place++) {
      String token = prompt.get(place);
      if (vocabulary.id(token) == Vocabulary.OOV) {
        own.putIfAbsent(token, vocabulary.size() + place);
      }
    }
  }

  /**
   * That of a prompt.
   *
   * @param prompt its tokens, as many as the model reads
   * @param copies whether the model copies; if not, these are the ids of the vocabulary alone
   */
  public static PairVocabulary of(Vocabulary vocabulary, List<String> prompt, boolean copies) {
    return new PairVocabulary(vocabulary, copies ? prompt : List.of());
  }

  /** The id of a token of the prompt or of a story; {@link Vocabulary#OOV} if neither knows it. */
  public int id(String token) {
    int id = vocabulary.id(token);
    return id == Vocabulary.OOV ? own.getOrDefault(token, Vocabulary.OOV) : id;
  }

  /** The ids of tokens. */
  public int[] ids(List<String> tokens) {
    return tokens.stream().mapToInt(this::id).toArray();
  }

  /**
   * The token of an id.
   *
   * @throws IndexOutOfBoundsException if there is no such id
   */
  public String token(int id) {
    return id < vocabulary.size() ? vocabulary.token(id) : prompt.get(id - vocabulary.size());
  }

  /** The tokens of ids. */
  public List<String> tokens(int... ids) {
    return Arrays.stream(ids).mapToObj(this::token).toList();
  }

  /**
   * The prompt's tokens, each at the place that its id says; none where the model does not copy.
   */
  public List<String> copied() {
    return prompt;
  }
}
