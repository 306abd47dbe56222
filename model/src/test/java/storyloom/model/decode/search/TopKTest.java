package storyloom.model.decode.search;

import static java.util.Comparator.comparing;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TopKTest {

  @Test
  void theyAreThoseThatSortingPutsFirst() {
    Random random = new Random(3);
    for (int most : new int[] {1, 2, 7, 100, 1000, 2000}) {
      float[] numbers = new float[1000];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = random.nextInt(200) - 100; // with many equal ones
      }
      int[] sorted =
          IntStream.range(0, numbers.length)
              .boxed()
              .sorted(comparing((Integer id) -> -numbers[id]).thenComparing(id -> id))
              .mapToInt(Integer::intValue)
              .limit(most)
              .toArray();

      assertThat(TopK.of(numbers, most)).containsExactly(sorted);
    }
  }

  @Test
  void whatIsForbiddenIsNotAmongThem() {
    float[] numbers = {Float.NEGATIVE_INFINITY, -3, Float.NEGATIVE_INFINITY, 0f, -0f};

    assertThat(TopK.of(numbers, 4)).containsExactly(3, 4, 1);
    assertThat(TopK.of(new float[] {Float.NEGATIVE_INFINITY}, 4)).isEmpty();
  }
}
