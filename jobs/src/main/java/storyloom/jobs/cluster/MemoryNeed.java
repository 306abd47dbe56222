package storyloom.jobs.cluster;

/**
 * What a command keeps outside the Java heap, in bytes.
 *
 * @param driver in the driver
 * @param shared by all tasks of an executor
 * @param task for each task that runs at a time
 */
public record MemoryNeed(long driver, long shared, long task) {

  /** Of a command that computes nothing, or says nothing about it. */
  public static final MemoryNeed NOTHING = new MemoryNeed(0, 0, 0);

  /** In an executor that runs so many tasks at a time. */
  long executor(int slots) {
    return shared + slots * task;
  }
}
