package storyloom.bench.year;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import storyloom.bench.year.Year.NightKind;

class NightKindTest {

  @Test
  void everyNightIsDealtAndTheFirstAndTheLastAreQuiet() {
    List<NightKind> year = NightKind.deal(30, 5, 3, 2, new Random(1));

    assertThat(year).hasSize(30);
    assertThat(year.get(0)).isEqualTo(NightKind.QUIET);
    assertThat(year.get(29)).isEqualTo(NightKind.QUIET);
    assertThat(Collections.frequency(year, NightKind.KILLED)).isEqualTo(5);
    assertThat(Collections.frequency(year, NightKind.POISONED)).isEqualTo(3);
    assertThat(Collections.frequency(year, NightKind.FULL)).isEqualTo(2);
    assertThat(NightKind.deal(30, 5, 3, 2, new Random(1))).isEqualTo(year);
  }
}
