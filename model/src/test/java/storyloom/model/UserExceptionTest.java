package storyloom.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UserExceptionTest {

  @Test
  void aMessageIsOneLineOfBoundedLengthWhateverItQuotes() {
    String quoted = "a\r\n2026 INFO forged\u001B[2J\u202E";

    assertThat(UserException.usage("no " + quoted)).hasMessage("no a 2026 INFO forged [2J");
    assertThat(UserException.data(quoted, new RuntimeException("x")).getMessage())
        .isEqualTo("a 2026 INFO forged [2J");
    assertThat(UserException.locked("x".repeat(1_000_000)).getMessage()).hasSize(4001);
  }
}
