package storyloom.model.decode;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import storyloom.model.decode.network.StepDecoder;
import storyloom.model.decode.search.BannedWords;
import storyloom.model.decode.search.DecodedStory;
import storyloom.model.decode.search.OtherPrompts;
import storyloom.model.decode.search.RandomStream;
import storyloom.model.nn.Seq2SeqGraph;
import storyloom.model.settings.Settings;

/** Ways of decoding, named by the settings that differ from the defaults, and what they write. */
public final class Decoding {

  /** What drafts are compared by; their ids are words of every vocabulary of a test. */
  public static final OtherPrompts OTHERS = OtherPrompts.ofAnyWords(10);

  private Decoding() {}

  /**
   * @param assignments such as {@code top-k=3}
   */
  public static DecodeSettings by(String... assignments) {
    List<String> keyValues = Stream.of(assignments).map("decode."::concat).toList();
    return DecodeSettings.of(Settings.load(Optional.empty(), keyValues));
  }

  /** The best story of each prompt, in their order. */
  public static List<DecodedStory> stories(
      Seq2SeqGraph model,
      DecodeSettings settings,
      List<int[]> prompts,
      List<RandomStream> streams) {
    try (StepDecoder.Network network =
        StepDecoder.Network.of(model.config(), model.weights(), settings.precision())) {
      return stories(network, settings, prompts, streams, BannedWords.NONE);
    }
  }

  /** The best story of each prompt, in their order, without banned words. */
  static List<DecodedStory> stories(
      StepDecoder.Network network,
      DecodeSettings settings,
      List<int[]> prompts,
      List<RandomStream> streams,
      BannedWords banned) {
    return bestStories(network, settings, prompts, streams, 1, banned).stream()
        .map(stories -> stories.get(0))
        .toList();
  }

  /**
   * The best few stories of each prompt, best first.
   *
   * @param banned words that are never written
   */
  public static List<List<DecodedStory>> bestStories(
      StepDecoder.Network network,
      DecodeSettings settings,
      List<int[]> prompts,
      List<RandomStream> streams,
      int wanted,
      BannedWords banned) {
    List<GenerationRequest> requests =
        IntStream.range(0, prompts.size())
            .mapToObj(
                i ->
                    new GenerationRequest(
                        prompts.get(i),
                        streams.get(i),
                        settings,
                        wanted,
                        OTHERS,
                        banned,
                        GenerationRequest.Listener.NONE))
            .toList();
    StoryBatch.writeAll(network, requests, settings.batch());
    return requests.stream().map(GenerationRequest::stories).toList();
  }
}
