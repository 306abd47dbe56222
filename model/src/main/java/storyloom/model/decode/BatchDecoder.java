package storyloom.model.decode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import storyloom.model.decode.network.DecoderWeights;
import storyloom.model.decode.network.IncrementalDecoder;
import storyloom.model.decode.search.DecodedStory;
import storyloom.model.decode.search.FinishReason;
import storyloom.model.decode.search.RandomStream;
import storyloom.model.decode.search.Search;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.text.token.Vocabulary;

/**
 * Writes stories for batches of prompts, straight on a model's weights: the prompts are encoded
 * once, then each step takes all rows that still write one token further, and rows that have ended
 * fall away. A story depends on the weights, its prompt, its stream and the settings only, never on
 * its batch-mates, their order or the number of threads.
 *
 * <p>The equations are those of {@link storyloom.model.nn.Seq2SeqGraph}, with dropout off. The
 * weights must stay open while a decoder is used; one decoder may serve several threads.
 */
public final class BatchDecoder implements AutoCloseable {

  private final DecoderWeights weights;
  private final DecodeSettings settings;
  private final List<int[]> banned;

  /**
   * @param config the model's shape
   * @param tensors weights by the names of a bundle
   * @param settings how stories are written; words that are banned must be given as ids by {@link
   *     StoryDecoder}
   */
  public BatchDecoder(
      Seq2SeqConfig config, Map<String, INDArray> tensors, DecodeSettings settings) {
    this(DecoderWeights.of(config, tensors), settings, List.of());
  }

  /**
   * @param banned the ids of each word that is never written
   */
  BatchDecoder(DecoderWeights weights, DecodeSettings settings, List<int[]> banned) {
    this.weights = weights;
    this.settings = settings;
    this.banned = banned;
  }

  /**
   * The stories of some prompts, in their order.
   *
   * @param prompts at least one token each; any number of them
   * @param streams a stream for each prompt
   */
  public List<DecodedStory> decode(List<int[]> prompts, List<RandomStream> streams) {
    return decodeBest(prompts, streams, 1).stream().map(stories -> stories.get(0)).toList();
  }

  /**
   * The best few stories of each prompt, best first.
   *
   * @param prompts at least one token each; any number of them
   * @param streams a stream for each prompt
   * @param wanted stories for each prompt, at least 1; there are fewer where a beam is too narrow
   *     to find as many, and one where the strategy has no beam
   */
  public List<List<DecodedStory>> decodeBest(
      List<int[]> prompts, List<RandomStream> streams, int wanted) {
    if (wanted < 1) {
      throw new IllegalArgumentException("at least 1 story must be wanted, not " + wanted);
    }
    List<GenerationRequest> tellings = new ArrayList<>(prompts.size());
    for (int i = 0; i < prompts.size(); i++) {
      Search search = settings.search(streams.get(i), wanted);
      tellings.add(
          new GenerationRequest(prompts.get(i), search, settings, banned, TokenListener.NONE));
    }
    int together = Math.max(1, settings.batch() / settings.rowsPerPrompt());
    for (int from = 0; from < tellings.size(); from += together) {
      write(tellings.subList(from, Math.min(from + together, tellings.size())));
    }
    return tellings.stream().map(GenerationRequest::stories).toList();
  }

  private void write(List<GenerationRequest> tellings) {
    int rows = tellings.size() * settings.rowsPerPrompt();
    int longest = tellings.stream().mapToInt(each -> each.prompt().length).max().orElseThrow();
    try (StoryBatch batch = new StoryBatch(weights, rows, longest)) {
      batch.join(tellings);
      while (!batch.isEmpty()) {
        batch.step();
      }
    }
  }

  /**
   * What the decoder looks at while it writes a story, whichever strategy found it.
   *
   * @param prompt at least one token
   * @param story what was written after the prompt
   * @return for each token of the story, and for {@code <end>} where it was written, a weight for
   *     each token of the prompt; none where the model has no attention
   */
  float[][] attention(int[] prompt, DecodedStory story) {
    int written = story.tokens().length;
    float[][] looks = new float[story.finishReason() == FinishReason.END ? written + 1 : written][];
    try (IncrementalDecoder unrolling = new IncrementalDecoder(weights, 1, prompt.length)) {
      unrolling.join(List.of(prompt));
      for (int t = 0; t < looks.length; t++) {
        unrolling.step(new int[] {t == 0 ? Vocabulary.START : story.tokens()[t - 1]});
        looks[t] = unrolling.attention(0);
      }
    }
    return looks;
  }

  /** Frees what was made of the weights; the weights themselves stay. */
  @Override
  public void close() {
    weights.close();
  }
}
