package storyloom.model.nn.kernel;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Pointer;

/** What it looks like that there is no memory left, and how people are told. */
public final class MemoryShortage {

  /** A chain of causes may be a ring. */
  private static final int DEEPEST = 100;

  private static final long MIB = 1L << 20;

  /** How ND4J says that the system gave it nothing: a RuntimeException that begins so. */
  private static final List<String> REFUSED =
      List.of("Allocation failed: [", "DataBuffer expansion failed: [");

  /** How JavaCPP says that the process has outgrown {@link OffHeapLimits#process}. */
  private static final String OUTGROWN = "Physical memory usage is too high";

  private MemoryShortage() {}

  /**
   * Which memory it was that there was not enough of, in a few words.
   *
   * @return empty if this is about something else
   */
  public static Optional<String> in(Throwable thrown) {
    return Stream.iterate(thrown, cause -> cause != null, Throwable::getCause)
        .limit(DEEPEST)
        .map(MemoryShortage::words)
        .flatMap(Optional::stream)
        .reduce((outer, inner) -> inner);
  }

  private static Optional<String> words(Throwable thrown) {
    String message = String.valueOf(thrown.getMessage());
    if (REFUSED.stream().anyMatch(message::startsWith)) {
      return Optional.of("the system has no more");
    }
    if (!(thrown instanceof OutOfMemoryError)) {
      return Optional.empty();
    }
    return Optional.of(
        message.startsWith(OUTGROWN)
            ? "the process takes more than the %d MiB that it may"
                .formatted(Pointer.maxPhysicalBytes() / MIB)
            : message);
  }
}
