package storyloom.model.nn.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.MultiDataSet;

/** How the stories of a minibatch are parted into windows. */
class StoryWindowTest {

  private static final int MOST = 3;

  /** Stories of ids 10, 11, … with these lengths, after prompts of one id each. */
  private static Minibatch minibatch(int... lengths) {
    return new Minibatch(
        IntStream.range(0, lengths.length).mapToObj(row -> new int[] {4 + row}).toList(),
        IntStream.of(lengths).mapToObj(StoryWindowTest::story).toList());
  }

  private static int[] story(int length) {
    return IntStream.range(10, 10 + length).toArray();
  }

  @Test
  void aLongStoryIsReadPieceByPieceAndEachInputIsOneStepBehind() {
    List<StoryWindow> windows = minibatch(8).windows(MOST);

    assertThat(windows.stream().map(each -> each.targets().get(0)))
        .containsExactly(
            new int[] {10, 11, 12, 13}, new int[] {14, 15, 16}, new int[] {17, Minibatch.END});
    assertThat(windows.stream().map(each -> each.inputs().get(0)))
        .containsExactly(
            new int[] {Minibatch.START, 10, 11, 12}, new int[] {13, 14, 15}, new int[] {16, 17});
    assertThat(windows).extracting(StoryWindow::first).containsExactly(0, 4, 7);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void aStoryNoLongerThanAWindowIsReadInOnePass(int length) {
    assertThat(minibatch(length).windows(MOST))
        .singleElement()
        .satisfies(window -> assertThat(window.goingOn()).isEmpty());
  }

  @Test
  void theEndOfAStoryNeverNeedsAWindowOfItsOwn() {
    for (int length = MOST; length <= 5 * MOST; length += MOST) {
      assertThat(minibatch(length).windows(MOST)).hasSize(length / MOST);
    }
  }

  @Test
  void storiesThatHaveEndedDropOut() {
    List<StoryWindow> windows = minibatch(7, 2, 10, 4).windows(MOST);

    assertThat(windows).extracting(StoryWindow::rows).containsExactly(4, 3, 2, 1);
    assertThat(windows)
        .extracting(StoryWindow::goingOn)
        .containsExactly(new int[] {0, 2, 3}, new int[] {0, 1}, new int[] {1}, new int[] {});
    assertThat(windows.get(1).prompts())
        .containsExactly(new int[] {4}, new int[] {6}, new int[] {7});
    assertThat(windows.get(3).targets()).containsExactly(new int[] {Minibatch.END});
  }

  @Test
  void eachTokenWeighsTheSameHoweverFewStoriesAreLeft() {
    for (StoryWindow window : minibatch(7, 2, 10, 4).windows(MOST)) {
      assertThat(window.share() / window.packing().tokens()).isCloseTo(1.0 / 15, within(1e-12));
    }
  }

  @Test
  void whatAGraphReadsOfAPassHasTheSizeOfAWindow() {
    for (StoryWindow window : minibatch(400, 380, 20).windows(MOST)) {
      MultiDataSet data = window.toDataSet(DataType.FLOAT);

      assertThat(data.getFeatures(Minibatch.STORY_INPUT).size(1)).isLessThanOrEqualTo(MOST + 1);
      assertThat(data.getLabels(0).shape())
          .isEqualTo(data.getFeatures(Minibatch.STORY_INPUT).shape());
    }
  }
}
