package storyloom.model.decode;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import storyloom.model.bundle.Bundle;
import storyloom.model.text.TextCodec;
import storyloom.model.text.Vocabulary;

/**
 * From prompts as people write them to stories as people read them: cleans, encodes, decodes and
 * joins words again, with the settings that stand in the bundle. A prompt that cannot be told is
 * rejected on its own; its neighbours do not notice.
 *
 * <p>The bundle must stay open while a teller is used; one teller may serve several threads.
 */
public final class Storyteller {

  /**
   * What a story is wanted for.
   *
   * @param prompt raw text; may be null or blank, and is then rejected
   * @param key tells rows of equal prompts apart; empty for none
   */
  public record Request(String prompt, String key) implements Serializable {}

  private final TextCodec codec;
  private final int longestPrompt;
  private final DecodeSettings settings;
  private final BatchDecoder decoder;

  /**
   * @param bundle an open bundle
   * @param settings how stories are written
   */
  public Storyteller(Bundle bundle, DecodeSettings settings) {
    this.codec = new TextCodec(bundle.text(), bundle.vocabulary());
    this.longestPrompt = bundle.text().maxPromptTokens();
    this.settings = settings;
    DecoderWeights weights =
        bundle.derived(
            DecoderWeights.class, of -> DecoderWeights.of(of.config(), of.weights().tensors()));
    this.decoder = new BatchDecoder(weights, settings, banned(settings.constraints()));
  }

  /** The ids of each banned word; one that the vocabulary lacks is never written anyway. */
  private List<int[]> banned(Constraints constraints) {
    return constraints.bannedWords().stream()
        .map(codec::promptIds)
        .filter(ids -> ids.length > 0 && IntStream.of(ids).noneMatch(id -> id == Vocabulary.OOV))
        .toList();
  }

  /** The stories of some prompts, in their order. */
  public List<ToldStory> tell(List<Request> requests) {
    ToldStory[] told = new ToldStory[requests.size()];
    List<int[]> prompts = new ArrayList<>();
    List<RowStream> streams = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < told.length; i++) {
      Request request = requests.get(i);
      int[] ids = ids(request);
      Optional<String> error = error(request, ids);
      if (error.isPresent()) {
        told[i] = ToldStory.rejected(error.get());
      } else {
        prompts.add(ids);
        streams.add(stream(request));
        places.add(i);
      }
    }
    List<DecodedStory> stories = decoder.decode(prompts, streams);
    for (int i = 0; i < stories.size(); i++) {
      told[places.get(i)] = told(stories.get(i));
    }
    return Arrays.asList(told);
  }

  private int[] ids(Request request) {
    return request.prompt() == null ? new int[0] : codec.promptIds(request.prompt());
  }

  private RowStream stream(Request request) {
    return RowStream.of(settings.seed(), request.prompt(), request.key());
  }

  /** Why a prompt is rejected; empty if it is not. */
  private Optional<String> error(Request request, int[] ids) {
    if (request.prompt() == null) {
      return Optional.of("the prompt is null");
    }
    if (ids.length == 0) {
      return Optional.of("the prompt is blank");
    }
    return codec.isPromptTooLong(ids)
        ? Optional.of("the prompt has " + ids.length + " tokens, more than " + longestPrompt)
        : Optional.empty();
  }

  /**
   * What the model looks at while it writes the story that {@link #tell} gives for a prompt.
   *
   * @return empty if the prompt is rejected
   * @throws IllegalArgumentException if the model has no attention
   */
  public Optional<AttentionMap> attention(Request request) {
    int[] ids = ids(request);
    if (error(request, ids).isPresent()) {
      return Optional.empty();
    }
    DecodedStory story = decoder.decode(List.of(ids), List.of(stream(request))).get(0);
    float[][] weights = decoder.attention(ids, story);
    List<String> tokens = new ArrayList<>();
    for (int id : story.tokens()) {
      tokens.add(codec.vocabulary().token(id));
    }
    if (weights.length > tokens.size()) {
      tokens.add(codec.vocabulary().token(Vocabulary.END));
    }
    return Optional.of(
        new AttentionMap(codec.reader().promptTokens(request.prompt()), tokens, weights));
  }

  private ToldStory told(DecodedStory story) {
    return new ToldStory(
        codec.story(story.tokens()),
        story.tokens().length,
        story.logProb(),
        story.finishReason(),
        null);
  }
}
