package storyloom.model.decode.search;

import static java.util.Comparator.comparing;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
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

      TopK found = new TopK(most);
      found.offer(Arrays.copyOfRange(numbers, 300, 1000), 700, 300);
      found.offer(numbers, 300, 0);

      assertThat(found.ids()).containsExactly(sorted);
    }
  }

  @Test
  void whatIsForbiddenIsNotAmongThem() {
    float[] numbers = {Float.NEGATIVE_INFINITY, -3, Float.NEGATIVE_INFINITY, 0f, -0f};
    TopK found = new TopK(4);
    found.offer(numbers, 5, 0);
    TopK none = new TopK(1);
    none.offer(numbers, 1, 0);

    assertThat(found.ids()).containsExactly(3, 4, 1);
    assertThat(none.ids()).isEmpty();
  }
}
