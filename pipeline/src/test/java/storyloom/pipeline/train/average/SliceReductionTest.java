package storyloom.pipeline.train.average;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SliceReductionTest {

  private static byte[] bytes(float... numbers) {
    ByteBuffer bytes =
        ByteBuffer.allocate(numbers.length * Float.BYTES).order(ByteOrder.nativeOrder());
    for (float number : numbers) {
      bytes.putFloat(number);
    }
    return bytes.array();
  }

  @Test
  void workersCountByTheirTokens() {
    List<WorkerSlice> slices =
        List.of(new WorkerSlice(30, bytes(1, 2)), new WorkerSlice(10, bytes(5, -2)));

    assertThat(SliceReduction.mean(slices)).isEqualTo(bytes(2, 1));
  }

  @Test
  void aSingleWorkersNumbersComeBackBitForBit() {
    Random random = new Random(3);
    float[] numbers = new float[5000];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(20) - 10));
    }

    byte[] mean = SliceReduction.mean(List.of(new WorkerSlice(12_347, bytes(numbers))));

    assertThat(mean).isEqualTo(bytes(numbers));
  }
}
