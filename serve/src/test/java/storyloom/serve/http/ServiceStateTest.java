package storyloom.serve.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import storyloom.serve.http.Problem.ProblemException;

/** How requests under way are counted. */
final class ServiceStateTest {

  private final ServiceState state = new ServiceState();

  @Test
  void aRequestWhoseConnectionClosesAfterItsEndIsCountedOnce() {
    Runnable answered = state.enter();
    state.enter();

    answered.run();
    answered.run();

    assertThat(state.busy()).isEqualTo(1);
  }

  @Test
  void whoeverWaitsForQuietIsToldWhetherItCame() throws InterruptedException {
    Runnable answered = state.enter();
    assertThat(state.awaitQuiet(1)).isFalse();

    answered.run();

    assertThat(state.awaitQuiet(1)).isTrue();
  }

  @Test
  void nobodyIsLetInAfterTheClose() {
    state.close();

    assertThatThrownBy(state::enter).isInstanceOf(ProblemException.class);
    assertThat(state.busy()).isZero();
  }

  @Test
  void whoeverComesAfterTheAnnouncementIsLetIn() {
    state.leaveSoon();

    state.enter();

    assertThat(state.isReady()).isFalse();
    assertThat(state.busy()).isEqualTo(1);
  }
}
