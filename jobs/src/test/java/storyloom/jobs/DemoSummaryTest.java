package storyloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class DemoSummaryTest {

  private static double share(String story, String... words) {
    DemoSummary.NamedShare named = new DemoSummary.NamedShare();
    named.add(story, List.of(words));
    return named.share();
  }

  @Test
  void allWordsMustBeThereInWhateverCase() {
    assertThat(share("Anna found the Brass Lamp.", "anna", "brass lamp")).isEqualTo(1);
    assertThat(share("Anna found it.", "anna", "lamp")).isZero();
  }

  @Test
  void partOfAWordDoesNotCount() {
    assertThat(share("Annabel has a lampshade.", "anna", "lamp")).isZero();
    assertThat(share("Ben's ring, the ring!", "ben", "ring")).isEqualTo(1);
  }

  @Test
  void rejectedPromptNamesNothing() {
    DemoSummary.NamedShare named = new DemoSummary.NamedShare();
    named.add(null, List.of("anna"));
    named.add("anna", List.of("anna"));

    assertThat(named.share()).isEqualTo(0.5);
  }
}
