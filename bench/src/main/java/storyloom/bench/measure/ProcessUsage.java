package storyloom.bench.measure;

import com.sun.management.GarbageCollectionNotificationInfo;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import javax.management.ListenerNotFoundException;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;

/** What the operating system says this process has used. */
public final class ProcessUsage {

  private static final Path STATUS = Path.of("/proc/self/status");

  private ProcessUsage() {}

  /** Processor time of all threads so far, in seconds. */
  public static double cpuSeconds() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getProcessCpuTime()
        / 1e9;
  }

  /** The most memory that was resident at once, in MB; 0 if the system does not say. */
  public static long peakResidentMegabytes() {
    if (!Files.isReadable(STATUS)) {
      return 0;
    }
    try {
      return Files.readAllLines(STATUS).stream()
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException unreadable) {
      return 0;
    }
  }

  /**
   * Watches the Java heap: the most that was still in use after a collection of all of it.
   * Collections of young objects do not count: what they leave may be garbage that is only old. So
   * the JVM needs a collector that collects everything when the heap is full, such as {@code
   * -XX:+UseParallelGC}.
   */
  public static final class PeakHeap implements NotificationListener, AutoCloseable {

    private static final long MEGABYTE = 1 << 20;
    private static final String WHOLE = "end of major GC";

    private final Set<String> pools =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .map(pool -> pool.getName())
            .collect(Collectors.toSet());

    private final AtomicLong peak = new AtomicLong();

    /** Watches from now on. */
    public PeakHeap() {
      for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
        ((NotificationEmitter) collector).addNotificationListener(this, null, null);
      }
    }

    @Override
    public void handleNotification(Notification notification, Object handback) {
      GarbageCollectionNotificationInfo collection =
          GarbageCollectionNotificationInfo.from((CompositeData) notification.getUserData());
      if (!collection.getGcAction().equals(WHOLE)) {
        return;
      }
      long used =
          collection.getGcInfo().getMemoryUsageAfterGc().entrySet().stream()
              .filter(pool -> pools.contains(pool.getKey()))
              .map(pool -> pool.getValue())
              .mapToLong(MemoryUsage::getUsed)
              .sum();
      peak.accumulateAndGet(used, Math::max);
    }

    /** Collects once more, so that there is always a figure, and says the most so far, in MB. */
    public long megabytes() {
      System.gc();
      long left = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
      return Math.max(peak.get(), left) / MEGABYTE;
    }

    @Override
    public void close() {
      for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
        try {
          ((NotificationEmitter) collector).removeNotificationListener(this);
        } catch (ListenerNotFoundException gone) {
          throw new IllegalStateException("a collector has lost its listener", gone);
        }
      }
    }
  }
}
