package storyloom.model.nn.kernel;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Map;

/**
 * How much memory JavaCPP, which ND4J keeps its arrays with, may take. Left alone it takes no more
 * than the Java heap, which says nothing about how large a model may be.
 *
 * @param arrays all arrays together, in bytes
 * @param process the whole process, in bytes
 */
public record OffHeapLimits(long arrays, long process) {

  private static final String ARRAYS = "org.bytedeco.javacpp.maxbytes";
  private static final String PROCESS = "org.bytedeco.javacpp.maxphysicalbytes";

  /** Limits that suit this machine, or the container that it runs in. */
  public static OffHeapLimits ofThisMachine() {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return ofMemory(system.getTotalMemorySize());
  }

  /** Two thirds for arrays, nine tenths for the process: the rest is the system's. */
  public static OffHeapLimits ofMemory(long bytes) {
    return new OffHeapLimits(bytes / 3 * 2, bytes / 10 * 9);
  }

  /**
   * Applies to this JVM, where it has not been told otherwise. To be called before ND4J is touched:
   * JavaCPP looks only once.
   */
  public void apply() {
    properties().forEach((key, value) -> System.setProperty(key, System.getProperty(key, value)));
  }

  /** What a JVM is to be started with. */
  public Map<String, String> properties() {
    return Map.of(ARRAYS, Long.toString(arrays), PROCESS, Long.toString(process));
  }
}
