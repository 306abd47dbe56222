package storyloom.pipeline.corpus.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class LengthsTest {

  @Test
  void quantilesOfShortTextsAreExact() {
    Lengths lengths = lengths(1, 2, 2, 3, 30);

    assertThat(lengths.median()).isEqualTo(2);
    assertThat(lengths.most95()).isEqualTo(30);
    assertThat(lengths.mean()).isCloseTo(7.6, within(1e-9));
  }

  @Test
  void quantilesOfLongTextsAreNear() {
    Lengths lengths = lengths(IntStream.rangeClosed(1, 100_000).toArray());

    assertThat(lengths.median()).isCloseTo(50_000, Percentage.withPercentage(7));
    assertThat(lengths.most95()).isCloseTo(95_000, Percentage.withPercentage(7));
    assertThat(lengths.longest()).isEqualTo(100_000);
  }

  @Test
  void barsHoldEveryTextOnceAndLeaveNoGap() {
    Lengths lengths = lengths(3, 4, 5, 9, 100, 101, Integer.MAX_VALUE);

    assertThat(lengths.histogram().stream().mapToLong(Lengths.Bar::texts).sum()).isEqualTo(7);
    for (int i = 1; i < lengths.histogram().size(); i++) {
      assertThat(lengths.histogram().get(i).from())
          .isEqualTo(lengths.histogram().get(i - 1).to() + 1);
    }
    assertThat(lengths.histogram().get(0)).isEqualTo(new Lengths.Bar(3, 3, 1));
    assertThat(lengths.histogram().get(1)).isEqualTo(new Lengths.Bar(4, 5, 2));
  }

  @Test
  void anOctaveHasTwoBarsThatAreNearlyEqual() {
    List<Lengths.Bar> bars = lengths(4, 9_000).histogram();

    for (Lengths.Bar bar : bars) {
      assertThat((bar.to() + 1.0) / bar.from()).isBetween(1.33, 1.5);
    }
    assertThat(bars).hasSize(2 * 11 + 1);
    assertThat(bars.get(10)).isEqualTo(new Lengths.Bar(128, 183, 0));
  }

  @Test
  void nothingHasNoLength() {
    assertThat(lengths().texts()).isZero();
    assertThat(lengths().median()).isZero();
    assertThat(lengths().mean()).isZero();
  }

  private static Lengths lengths(int... each) {
    Lengths.Sketch first = new Lengths.Sketch();
    Lengths.Sketch second = new Lengths.Sketch();
    for (int i = 0; i < each.length; i++) {
      (i % 2 == 0 ? first : second).add(each[i]);
    }
    first.add(second);
    return first.lengths();
  }
}
