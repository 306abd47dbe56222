package storyloom.jobs.cluster;

import java.time.Duration;
import java.util.function.IntSupplier;
import storyloom.jobs.cli.JobFailure;

/**
 * Counts a cluster's task slots when its executors have come: they register one after another, some
 * seconds after the start.
 *
 * @param patience how long to wait for the first one
 * @param calm how long nothing must change before the number counts
 */
record SlotCount(Duration patience, Duration calm) {

  private static final long PAUSE_MILLIS = 100;

  /**
   * Waits until the number is settled.
   *
   * @param slots the number at this moment
   * @throws JobFailure if there are none when patience ends
   */
  int settled(IntSupplier slots) {
    long start = System.nanoTime();
    long changed = start;
    int last = 0;
    while (true) {
      int now = slots.getAsInt();
      long time = System.nanoTime();
      if (now != last) {
        last = now;
        changed = time;
      }
      if (last > 0 && time - changed >= calm.toNanos()) {
        return last;
      }
      if (last == 0 && time - start >= patience.toNanos()) {
        throw new JobFailure(
            "no executor has come within %d s: see that the cluster runs and has free cores and memory"
                .formatted(patience.toSeconds()));
      }
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new JobFailure("stopped while waiting for executors");
    }
  }
}
