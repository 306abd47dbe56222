package storyloom.model.decode;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import storyloom.model.bundle.Bundle;
import storyloom.model.decode.network.StepDecoder;
import storyloom.model.decode.search.DecodedStory;
import storyloom.model.decode.search.DecodedStory.FinishReason;
import storyloom.model.decode.search.RandomStream;
import storyloom.model.text.token.Vocabulary;

/**
 * From prompts as people write them to stories as people read them: cleans, encodes, decodes and
 * joins words again, with the settings that stand in the bundle. A prompt that cannot be used is
 * rejected on its own; its neighbours do not notice.
 *
 * <p>The bundle must stay open while a decoder is used; one decoder may serve several threads.
 */
public final class StoryDecoder {

  /**
   * What a story is wanted for.
   *
   * @param prompt raw text; may be null or blank, and is then rejected
   * @param key distinguishes rows of equal prompts; empty for none
   */
  public record Request(String prompt, String key) implements Serializable {}

  private final PromptReader reader;
  private final DecodeSettings settings;
  private final StepDecoder.Network network;

  /**
   * @param bundle an open bundle
   * @param settings how stories are written
   */
  public StoryDecoder(Bundle bundle, DecodeSettings settings) {
    this.reader = new PromptReader(bundle);
    this.settings = settings;
    this.network = StepDecoder.Network.of(bundle, settings.precision());
  }

  /** The stories of some prompts, in their order. */
  public List<GeneratedStory> generate(List<Request> requests) {
    GeneratedStory[] stories = new GeneratedStory[requests.size()];
    List<GenerationRequest> running = new ArrayList<>();
    List<PromptReader.Reading> prompts = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < stories.length; i++) {
      PromptReader.Reading reading = reader.read(requests.get(i).prompt());
      if (reading.isRejected()) {
        stories[i] = GeneratedStory.rejected(reading.rejection());
      } else {
        running.add(request(reading, requests.get(i)));
        prompts.add(reading);
        places.add(i);
      }
    }
    StoryBatch.writeAll(network, running, settings.batch());
    for (int i = 0; i < running.size(); i++) {
      stories[places.get(i)] = reader.generated(prompts.get(i), running.get(i).stories().get(0));
    }
    return Arrays.asList(stories);
  }

  private GenerationRequest request(PromptReader.Reading prompt, Request request) {
    RandomStream stream = RandomStream.of(settings.seed(), request.prompt(), request.key());
    return reader.request(prompt, stream, settings, 1, GenerationRequest.Listener.NONE);
  }

  /**
   * What the model looks at while it writes the story that {@link #generate} gives for a prompt.
   *
   * @return empty if the prompt is rejected
   * @throws IllegalArgumentException if the model has no attention
   */
  public Optional<AttentionMap> attention(Request request) {
    PromptReader.Reading reading = reader.read(request.prompt());
    if (reading.isRejected()) {
      return Optional.empty();
    }
    GenerationRequest running = request(reading, request);
    StoryBatch.writeAll(network, List.of(running), settings.batch());
    DecodedStory story = running.stories().get(0);
    float[][] weights = attention(network, reading.ids(), story);
    List<String> tokens = new ArrayList<>(reading.words().tokens(story.tokens()));
    if (weights.length > tokens.size()) {
      tokens.add(reading.words().token(Vocabulary.END));
    }
    return Optional.of(
        new AttentionMap(reader.codec().promptTokens(request.prompt()), tokens, weights));
  }

  /**
   * What a decoder looks at when it is led along a story, whichever strategy found it.
   *
   * @param prompt at least one token
   * @param story what was written after the prompt
   * @return for each token of the story, and for {@code <end>} where it was written, a weight for
   *     each token of the prompt; none where the model has no attention
   */
  static float[][] attention(StepDecoder.Network network, int[] prompt, DecodedStory story) {
    int written = story.tokens().length;
    float[][] weights =
        new float[story.finishReason() == FinishReason.END ? written + 1 : written][];
    try (StepDecoder decoder = network.decoder(1, prompt.length)) {
      decoder.start(List.of(prompt));
      for (int t = 0; t < weights.length; t++) {
        decoder.step(new int[] {t == 0 ? Vocabulary.START : story.tokens()[t - 1]});
        weights[t] = decoder.attention(0);
      }
    }
    return weights;
  }
}
