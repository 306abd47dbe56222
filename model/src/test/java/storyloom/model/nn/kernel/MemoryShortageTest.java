package storyloom.model.nn.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;

class MemoryShortageTest {

  @Test
  void aFullHeapIsToldAsTheJvmTellsIt() {
    assertThat(MemoryShortage.in(new OutOfMemoryError("Java heap space")))
        .contains("Java heap space");
  }

  @Test
  void whateverIsAroundItIsLookedThrough() {
    assertThat(
            MemoryShortage.in(
                new IllegalStateException("x", new OutOfMemoryError("Java heap space"))))
        .contains("Java heap space");
  }

  /** JavaCPP names the pointer that it could not make, however small, before it says why. */
  @Test
  void aProcessThatHasOutgrownItsLimitIsToldByTheLimit() {
    Throwable limit =
        new OutOfMemoryError(
            "Physical memory usage is too high: physicalBytes (9M) > maxPhysicalBytes (8M)");
    Throwable thrown = new OutOfMemoryError("Cannot allocate new LongPointer(1)").initCause(limit);

    assertThat(MemoryShortage.in(thrown))
        .contains(
            "the process takes more than the %d MiB that it may"
                .formatted(Pointer.maxPhysicalBytes() >> 20));
  }

  @Test
  void nd4jSaysThatTheSystemGaveItNothingByNoError() {
    assertThat(MemoryShortage.in(new RuntimeException("Allocation failed: [bad alloc]")))
        .contains("the system has no more");
  }

  @Test
  void whatHasNothingToDoWithMemoryIsNone() {
    assertThat(MemoryShortage.in(new IllegalStateException("x", new StackOverflowError())))
        .isEmpty();
  }
}
