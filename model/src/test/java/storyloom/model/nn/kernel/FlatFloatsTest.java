package storyloom.model.nn.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class FlatFloatsTest {

  @Test
  void slicesTravelAsTheyAre() {
    INDArray from = Nd4j.createFromArray(new float[] {1.5f, -2, 3e-30f, 4, 5});
    INDArray to = Nd4j.zeros(DataType.FLOAT, 5);

    FlatFloats.write(FlatFloats.read(from, 1, 3), to, 2);

    assertThat(to.data().asFloat()).containsExactly(0, 0, -2, 3e-30f, 4);
  }

  @Test
  void aSliceBeyondTheEndIsRefused() {
    assertThatThrownBy(() -> FlatFloats.read(Nd4j.zeros(DataType.FLOAT, 5), 3, 3))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("numbers 3 to 6 of 5");
  }

  @Test
  void aMeanIsWeighted() {
    float[] left = {1, 2, 1e38f};

    FlatFloats.mean(left, 1, new float[] {3, -2, 3e38f}, 3);

    assertThat(left).containsExactly(2.5f, -1, 2.5e38f);
  }

  @Test
  void aStepFollowsTheMeanAndItsVelocity() {
    float[] state = {1};
    float[] velocity = {0.5f};

    FlatFloats.step(state, velocity, new float[] {3}, new VelocityStep(0.5, 0.25, 0.5, 1, 2));

    assertThat(velocity).containsExactly(0.75f);
    assertThat(state).containsExactly(2.75f);
  }
}
