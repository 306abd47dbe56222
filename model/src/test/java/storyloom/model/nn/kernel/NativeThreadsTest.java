package storyloom.model.nn.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import storyloom.model.nn.kernel.Kernel.Side;

class NativeThreadsTest {

  /** So long that the half of it is far more than the compiler and the collector take. */
  private static final long WORK = 2_000_000_000;

  @AfterEach
  void backToOne() {
    NativeThreads.set(1);
  }

  @Test
  void aTasksProductsStayOnTheTasksOwnThread() {
    NativeThreads.set(1);
    Matrix a = Matrix.of(Nd4j.ones(DataType.FLOAT, 600, 600));
    Matrix c = Matrix.of(Nd4j.zeros(DataType.FLOAT, 600, 600));
    long wholeProcess = processNanos();
    long thisThread = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    while (processNanos() - wholeProcess < WORK) {
      Kernel.of(a).multiply(a, Side.PLAIN, a, Side.PLAIN, 0, c);
      Nd4j.ones(DataType.FLOAT, 600, 600).addi(1).close();
    }
    thisThread = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - thisThread;
    wholeProcess = processNanos() - wholeProcess;

    assertThat(NativeThreads.blas()).isEqualTo(1);
    assertThat(Nd4j.getEnvironment().maxMasterThreads()).isEqualTo(1);
    // what is left to others is the compiler and the collector, not half of the arithmetic
    assertThat((double) thisThread).isGreaterThan(0.75 * wholeProcess - 3e8);
  }

  private static long processNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  @Test
  void librariesStayOnOneThreadWhereMoreAreAsked() {
    NativeThreads.set(2);

    assertThat(NativeThreads.count()).isEqualTo(2);
    assertThat(NativeThreads.blas()).isEqualTo(1);
    assertThat(Nd4j.getEnvironment().maxMasterThreads()).isEqualTo(1);
  }

  @Test
  void noThreadsAtAllIsRefused() {
    assertThatThrownBy(() -> NativeThreads.set(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("at least 1 thread is needed, not 0");
  }
}
