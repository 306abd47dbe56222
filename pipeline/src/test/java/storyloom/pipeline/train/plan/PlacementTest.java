package storyloom.pipeline.train.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PlacementTest {

  @Test
  void workersBeyondTheSlotsTakeTurns() {
    Placement eightOnTwo = new Placement(8, 2, 2, 1, false);

    assertThat(eightOnTwo.tasks()).isEqualTo(2);
    assertThat(eightOnTwo.threads()).isEqualTo(1);
    assertThat(eightOnTwo.idleCores()).isZero();
  }

  @Test
  void coresBeyondTheWorkersBecomeThreads() {
    Placement oneOnFour = new Placement(1, 4, 1, 1, false);

    assertThat(oneOnFour.tasks()).isEqualTo(1);
    assertThat(oneOnFour.threads()).isEqualTo(4);
    assertThat(oneOnFour.idleCores()).isZero();
    assertThat(new Placement(3, 4, 1, 1, false).idleCores()).isEqualTo(1);
  }

  @Test
  void aWorkerHasNoMoreThreadsThanItsExecutorHasCores() {
    Placement oneOnTwoExecutors = new Placement(1, 2, 2, 1, false);

    assertThat(oneOnTwoExecutors.threads()).isEqualTo(1);
    assertThat(oneOnTwoExecutors.idleCores()).isEqualTo(1);
    assertThat(new Placement(3, 8, 2, 1, false).threads()).isEqualTo(2);
  }

  @Test
  void coresOfATaskAreThreads() {
    assertThat(new Placement(2, 2, 1, 3, false).threads()).isEqualTo(3);
  }

  @Test
  void whereExecutorsCanBeAddedEachWorkerIsATask() {
    assertThat(new Placement(8, 2, 1, 1, true).tasks()).isEqualTo(8);
  }
}
