package storyloom.bench;

import java.util.List;
import java.util.stream.IntStream;
import storyloom.bench.measure.ProcessUsage;
import storyloom.model.decode.DecodeSettings;
import storyloom.model.decode.GenerationRequest;
import storyloom.model.decode.StoryBatch;
import storyloom.model.decode.network.StepDecoder;
import storyloom.model.decode.search.BannedWords;
import storyloom.model.decode.search.DecodedStory;
import storyloom.model.decode.search.DecodedStory.FinishReason;
import storyloom.model.decode.search.RandomStream;

/** How long a decoder takes for stories, batch by batch. */
final class DecodeTiming {

  /** Rounds of warming up at most, should each be a little faster than the one before. */
  private static final int MOST_WARM_UP = 30;

  private static final int ROUNDS_WITHOUT_GAIN = 2;

  /** A batch of one story is over sooner than the compiler has looked at it. */
  private static final long ROUND_NANOS = 1_000_000_000;

  private final StepDecoder.Network network;
  private final DecodeSettings settings;
  private final BannedWords banned;
  private final int batch;

  private double seconds;
  private double cpuSeconds;
  private long tokens;

  /**
   * @param banned what the settings' banned words are to the model
   * @param batch prompts decoded together
   */
  DecodeTiming(
      StepDecoder.Network network, DecodeSettings settings, BannedWords banned, int batch) {
    this.network = network;
    this.settings = settings;
    this.banned = banned;
    this.batch = batch;
  }

  /**
   * Writes a story for each prompt; before, the first batch is written untimed until it gets no
   * faster.
   */
  void write(List<int[]> prompts) {
    warmUp(prompts.subList(0, Math.min(batch, prompts.size())));
    for (int from = 0; from < prompts.size(); from += batch) {
      List<int[]> some = prompts.subList(from, Math.min(from + batch, prompts.size()));
      long started = System.nanoTime();
      double cpuStarted = ProcessUsage.cpuSeconds();
      List<DecodedStory> stories = decode(some);
      seconds += (System.nanoTime() - started) / 1e9;
      cpuSeconds += ProcessUsage.cpuSeconds() - cpuStarted;
      tokens += stories.stream().mapToInt(DecodeTiming::tokens).sum();
    }
  }

  /** In rounds of a second at least: of a short batch, a single time says little. */
  private void warmUp(List<int[]> prompts) {
    double fastest = Double.MAX_VALUE;
    int since = 0;
    for (int round = 0; round < MOST_WARM_UP && since < ROUNDS_WITHOUT_GAIN; round++) {
      double now = nanosPerBatch(prompts);
      since = now < fastest ? 0 : since + 1;
      fastest = Math.min(fastest, now);
    }
  }

  private double nanosPerBatch(List<int[]> prompts) {
    long started = System.nanoTime();
    long taken = 0;
    int batches = 0;
    while (taken < ROUND_NANOS) {
      decode(prompts);
      batches++;
      taken = System.nanoTime() - started;
    }
    return (double) taken / batches;
  }

  private List<DecodedStory> decode(List<int[]> prompts) {
    List<GenerationRequest> requests =
        IntStream.range(0, prompts.size()).mapToObj(row -> request(prompts.get(row), row)).toList();
    StoryBatch.writeAll(network, requests, settings.batch());
    return requests.stream().map(request -> request.stories().get(0)).toList();
  }

  private GenerationRequest request(int[] prompt, int row) {
    RandomStream stream = RandomStream.of(1, "", Integer.toString(row));
    return new GenerationRequest(
        prompt, stream, settings, 1, banned, GenerationRequest.Listener.NONE);
  }

  private static int tokens(DecodedStory story) {
    return story.tokens().length + (story.finishReason() == FinishReason.END ? 1 : 0);
  }

  /** Tokens so far, each {@code <end>} included. */
  long tokens() {
    return tokens;
  }

  double tokensPerSecond() {
    return tokens / seconds;
  }

  double tokensPerCpuSecond() {
    return tokens / cpuSeconds;
  }
}
