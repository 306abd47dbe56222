package storyloom.model.decode.network;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

final class MatrixPoolTest {

  @Test
  void memoryIsLentAnewWhereItFits() {
    try (MatrixPool pool = new MatrixPool()) {
      INDArray first = pool.take(100);
      pool.giveBack(first);

      assertThat(pool.take(60)).isSameAs(first);
    }
  }

  @Test
  void whatIsMuchTooLargeIsLeftForOthers() {
    try (MatrixPool pool = new MatrixPool()) {
      INDArray large = pool.take(100);
      pool.giveBack(large);

      assertThat(pool.take(49).length()).isEqualTo(49);
      assertThat(pool.take(100)).isSameAs(large);
    }
  }

  @Test
  void nobodyGetsWhatAnotherHas() {
    try (MatrixPool pool = new MatrixPool()) {
      assertThat(pool.take(10)).isNotSameAs(pool.take(10));
    }
  }

  @Test
  void noMoreIsKeptThanWasLentAtOnce() {
    try (MatrixPool pool = new MatrixPool()) {
      INDArray first = pool.take(100);
      pool.giveBack(first);
      INDArray second = pool.take(300);
      pool.giveBack(second);

      assertThat(first.wasClosed()).isTrue();
      assertThat(pool.take(300)).isSameAs(second);
    }
  }

  @Test
  void closingFreesWhatIsIdle() {
    MatrixPool pool = new MatrixPool();
    INDArray memory = pool.take(10);
    pool.giveBack(memory);

    pool.close();

    assertThat(memory.wasClosed()).isTrue();
  }
}
