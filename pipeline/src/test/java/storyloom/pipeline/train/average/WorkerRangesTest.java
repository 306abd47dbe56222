package storyloom.pipeline.train.average;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WorkerRangesTest {

  @Test
  void everyWorkerIsInOneRangeAndRangesAreOfLikeSize() {
    for (int workers = 1; workers <= 13; workers++) {
      for (int tasks = 1; tasks <= workers; tasks++) {
        WorkerRanges ranges = new WorkerRanges(workers, tasks);
        int[] sizes =
            IntStream.range(0, tasks)
                .map(task -> ranges.first(task + 1) - ranges.first(task))
                .toArray();

        assertThat(ranges.first(0)).isZero();
        assertThat(IntStream.of(sizes).sum()).isEqualTo(workers);
        assertThat(IntStream.of(sizes).max().orElseThrow())
            .isLessThanOrEqualTo(IntStream.of(sizes).min().orElseThrow() + 1);
      }
    }
  }

  @Test
  void powersOfTwoAreAligned() {
    WorkerRanges ranges = new WorkerRanges(32, 4);

    assertThat(IntStream.range(0, 4).map(ranges::first)).containsExactly(0, 8, 16, 24);
    assertThat(ranges.before(0)).isEqualTo(MeanTree.NONE);
    assertThat(ranges.behind(0)).isEqualTo(8);
    assertThat(ranges.behind(3)).isEqualTo(MeanTree.NONE);
  }
}
