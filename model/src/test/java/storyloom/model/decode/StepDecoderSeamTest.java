package storyloom.model.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.factory.Nd4j;
import storyloom.model.decode.DecodeSettings.Strategy;
import storyloom.model.decode.network.StepDecoder;
import storyloom.model.decode.search.BannedWords;
import storyloom.model.decode.search.DecodedStory;
import storyloom.model.decode.search.DecodedStory.FinishReason;
import storyloom.model.decode.search.RandomStream;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.output.StepLogits;
import storyloom.model.text.token.Vocabulary;

/** Search and batching write with whatever takes a step, and know nothing of its state. */
class StepDecoderSeamTest {

  private static final int VOCABULARY = 12;

  /** A network whose state is a queue: it repeats the prompt, token by token, and then ends. */
  private static final class Echo implements StepDecoder {
    private static final float SURE = 30;

    private final List<int[]> prompts = new ArrayList<>();
    private final List<Integer> written = new ArrayList<>();

    @Override
    public void start(List<int[]> more) {
      prompts.addAll(more);
      more.forEach(prompt -> written.add(0));
    }

    @Override
    public StepLogits step(int[] tokens) {
      float[][] logits = new float[tokens.length][VOCABULARY];
      for (int row = 0; row < tokens.length; row++) {
        int at = written.get(row);
        int[] prompt = prompts.get(row);
        logits[row][at < prompt.length ? prompt[at] : Vocabulary.END] = SURE;
        written.set(row, at + 1);
      }
      Matrix numbers = Matrix.of(Nd4j.createFromArray(logits));
      double[] logSums = new double[tokens.length];
      Arrays.fill(logSums, SURE);
      return StepLogits.of(Kernel.of(numbers), numbers, logSums);
    }

    @Override
    public float[] attention(int row) {
      return new float[0];
    }

    @Override
    public void select(int[] rows) {
      List<int[]> ownPrompts = Arrays.stream(rows).mapToObj(prompts::get).toList();
      List<Integer> ownWritten = Arrays.stream(rows).mapToObj(written::get).toList();
      prompts.clear();
      prompts.addAll(ownPrompts);
      written.clear();
      written.addAll(ownWritten);
    }

    @Override
    public void close() {}
  }

  private static final class EchoNetwork implements StepDecoder.Network {
    @Override
    public StepDecoder decoder(int capacity, int longest) {
      return new Echo();
    }

    @Override
    public void close() {}
  }

  @ParameterizedTest
  @EnumSource(Strategy.class)
  void storiesAreWhatTheStepSaysWhateverItsState(Strategy strategy) {
    List<int[]> prompts = List.of(new int[] {5, 6, 7}, new int[] {9}, new int[] {4, 4, 8, 11, 10});
    List<RandomStream> streams =
        prompts.stream().map(prompt -> RandomStream.of(1, Arrays.toString(prompt), "")).toList();
    DecodeSettings settings =
        Decoding.by("strategy=" + strategy.label(), "beam-size=3", "batch=6", "max-tokens=20");
    try (EchoNetwork network = new EchoNetwork()) {
      List<DecodedStory> stories =
          Decoding.stories(network, settings, prompts, streams, BannedWords.NONE);

      for (int i = 0; i < prompts.size(); i++) {
        assertThat(stories.get(i).tokens()).containsExactly(prompts.get(i));
        assertThat(stories.get(i).finishReason()).isEqualTo(FinishReason.END);
      }
    }
  }
}
