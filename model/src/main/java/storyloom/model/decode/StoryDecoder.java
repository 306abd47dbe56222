package storyloom.model.decode;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import storyloom.model.bundle.Bundle;
import storyloom.model.decode.network.DecoderWeights;
import storyloom.model.decode.search.DecodedStory;
import storyloom.model.decode.search.RandomStream;
import storyloom.model.text.TextCodec;
import storyloom.model.text.token.Vocabulary;

/**
 * From prompts as people write them to stories as people read them: cleans, encodes, decodes and
 * joins words again, with the settings that stand in the bundle. A prompt that cannot be told is
 * rejected on its own; its neighbours do not notice.
 *
 * <p>The bundle must stay open while a teller is used; one teller may serve several threads.
 */
public final class StoryDecoder {

  /**
   * What a story is wanted for.
   *
   * @param prompt raw text; may be null or blank, and is then rejected
   * @param key tells rows of equal prompts apart; empty for none
   */
  public record Request(String prompt, String key) implements Serializable {}

  private final PromptReader desk;
  private final DecodeSettings settings;
  private final BatchDecoder decoder;

  /**
   * @param bundle an open bundle
   * @param settings how stories are written
   */
  public StoryDecoder(Bundle bundle, DecodeSettings settings) {
    this.desk = new PromptReader(bundle);
    this.settings = settings;
    this.decoder =
        new BatchDecoder(DecoderWeights.of(bundle), settings, desk.banned(settings.constraints()));
  }

  /** The stories of some prompts, in their order. */
  public List<GeneratedStory> tell(List<Request> requests) {
    GeneratedStory[] told = new GeneratedStory[requests.size()];
    List<int[]> prompts = new ArrayList<>();
    List<RandomStream> streams = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < told.length; i++) {
      Request request = requests.get(i);
      PromptReader.Reading reading = desk.read(request.prompt());
      if (reading.isRejected()) {
        told[i] = GeneratedStory.rejected(reading.rejection());
      } else {
        prompts.add(reading.ids());
        streams.add(stream(request));
        places.add(i);
      }
    }
    List<DecodedStory> stories = decoder.decode(prompts, streams);
    for (int i = 0; i < stories.size(); i++) {
      told[places.get(i)] = desk.told(stories.get(i));
    }
    return Arrays.asList(told);
  }

  private RandomStream stream(Request request) {
    return RandomStream.of(settings.seed(), request.prompt(), request.key());
  }

  /**
   * What the model looks at while it writes the story that {@link #tell} gives for a prompt.
   *
   * @return empty if the prompt is rejected
   * @throws IllegalArgumentException if the model has no attention
   */
  public Optional<AttentionMap> attention(Request request) {
    PromptReader.Reading reading = desk.read(request.prompt());
    if (reading.isRejected()) {
      return Optional.empty();
    }
    DecodedStory story = decoder.decode(List.of(reading.ids()), List.of(stream(request))).get(0);
    float[][] weights = decoder.attention(reading.ids(), story);
    TextCodec codec = desk.codec();
    List<String> tokens = new ArrayList<>();
    for (int id : story.tokens()) {
      tokens.add(codec.vocabulary().token(id));
    }
    if (weights.length > tokens.size()) {
      tokens.add(codec.vocabulary().token(Vocabulary.END));
    }
    return Optional.of(new AttentionMap(codec.promptTokens(request.prompt()), tokens, weights));
  }
}
