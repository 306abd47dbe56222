package storyloom.jobs.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import storyloom.jobs.cli.JobFailure;

final class SlotCountTest {

  @Test
  void executorsThatComeLaterAreCounted() {
    AtomicInteger calls = new AtomicInteger();
    SlotCount count = new SlotCount(Duration.ofSeconds(30), Duration.ofMillis(500));

    int slots = count.settled(() -> Math.min(calls.getAndIncrement(), 2));

    assertThat(slots).isEqualTo(2);
  }

  @Test
  void clusterWithoutExecutorsIsReportedAfterAWhile() {
    SlotCount count = new SlotCount(Duration.ofMillis(200), Duration.ofMillis(100));

    assertThatThrownBy(() -> count.settled(() -> 0))
        .isInstanceOf(JobFailure.class)
        .hasMessageContaining("no executor");
  }
}
