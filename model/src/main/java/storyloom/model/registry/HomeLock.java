package storyloom.model.registry;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import storyloom.model.OneLine;
import storyloom.model.UserException;
import storyloom.model.files.AtomicFile;
import storyloom.model.files.HadoopFiles;

/**
 * The right to write below home: {@code <home>/train.lock}, a line of JSON that names the owner,
 * its host and process, and that is renewed as long as the lock is held. A lock whose owner is dead
 * is broken: on the same system that is known at once, elsewhere by the time of its last heartbeat,
 * or by the file's age where the line names no such time or one to come.
 *
 * <p>It is made by the file system where of several that create a file one succeeds ({@link
 * AtomicFile#isMadeOnce}), elsewhere in turns ({@link LockClaim}).
 *
 * <p>An owner that was taken for dead, such as one on a machine that slept, finds out by {@link
 * #requireHeld()} before it changes anything that others see.
 */
public final class HomeLock implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HomeLock.class);
  private static final String NAME = "train.lock";
  private static final int ATTEMPTS = 10;
  private static final int BEATS = 10;
  private static final Duration BREAKING = Duration.ofMinutes(1);

  private final Path file;
  private final AtomicFile pointer;
  private final LockHolder holder;
  private final ScheduledExecutorService heart;
  private final ScheduledFuture<?> beating;

  private HomeLock(Path file, AtomicFile pointer, LockHolder holder, Duration silence) {
    this.file = file;
    this.pointer = pointer;
    this.holder = holder;
    this.heart =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "storyloom-lock");
              thread.setDaemon(true);
              return thread;
            });
    long pause = silence.toMillis() / BEATS;
    this.beating = heart.scheduleWithFixedDelay(this::beat, pause, pause, TimeUnit.MILLISECONDS);
  }

  /**
   * Takes the lock.
   *
   * @param home any Hadoop URI; made if need be
   * @param silence after which an owner on another system counts as dead
   * @param warnings gets one line about a lock that was broken
   * @throws UserException locked, with its owner's name, if somebody holds it; of data if home
   *     cannot be written to
   */
  public static HomeLock take(
      String home, Configuration configuration, Duration silence, Consumer<String> warnings) {
    FileSystem files = HadoopFiles.of(new Path(home), configuration);
    Path file = files.makeQualified(new Path(home, NAME));
    AtomicFile pointer = new AtomicFile(file, configuration);
    Candidate candidate = new Candidate(LockHolder.here(), files, file, pointer, silence, warnings);
    try {
      files.mkdirs(file.getParent());
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        Optional<String> line = pointer.read();
        if (line.isPresent() && !candidate.isStale(line.get())) {
          throw held(file, line.get());
        }
        if (pointer.isMadeOnce() ? candidate.make() : candidate.makeInTurn()) {
          return new HomeLock(file, pointer, candidate.mine(), silence);
        }
      }
      throw held(file, pointer.read().orElse(""));
    } catch (IOException e) {
      throw UserException.data("cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  /** Who wants the lock, and where it lies. */
  private record Candidate(
      LockHolder mine,
      FileSystem files,
      Path file,
      AtomicFile pointer,
      Duration silence,
      Consumer<String> warnings) {

    /** Makes the lock, or breaks a stale one; gives whether it is made. */
    boolean make() throws IOException {
      if (pointer.create(mine.line()) && isStill(mine, pointer)) {
        return true;
      }
      Optional<String> line = pointer.read();
      if (line.isPresent() && isStale(line.get())) {
        warnings.accept(
            "the lock %s was left by a run that has died, and is broken: %s"
                .formatted(file, described(line.get())));
        breakLock(line.get());
      }
      return false;
    }

    /** The same where several could make the lock in one moment: one does at a time. */
    boolean makeInTurn() throws IOException {
      try (LockClaim claim = new LockClaim(files, file, mine.token())) {
        if (claim.hasTurn() && make()) {
          if (claim.stands()) {
            return true;
          }
          if (isStill(mine, pointer)) { // made too late: another may have had the next turn
            pointer.delete();
          }
        }
      }
      LockClaim.pause();
      return false;
    }

    boolean isStale(String line) throws IOException {
      Optional<LockHolder> other = LockHolder.read(line);
      if (other.filter(LockHolder::isOfThisSystem).isPresent()) {
        return !other.get().lives();
      }
      Instant now = Instant.now();
      Optional<Instant> heard =
          other
              .flatMap(LockHolder::lastHeard)
              .filter(time -> time.isBefore(now.plus(silence))); // clocks differ, but not that much
      if (heard.isPresent()) {
        return heard.get().plus(silence).isBefore(now);
      }
      // an owner that lives writes the file anew all the time, or is about to end its line
      return isOlder(file, silence);
    }

    /**
     * Removes a stale lock. One run does so at a time, and sees that it is still the stale one:
     * that is how a lock which another run has taken in the meantime stays.
     */
    private void breakLock(String stale) throws IOException {
      Path breaking = new Path(file.getParent(), "_" + NAME + "-breaking");
      AtomicFile turn = new AtomicFile(breaking, files.getConf());
      if (turn.create(stale)) {
        try {
          if (pointer.read().filter(stale::equals).isPresent()) {
            pointer.delete();
          }
        } finally {
          turn.delete();
        }
      } else if (isOlder(breaking, BREAKING)) { // its owner died over it
        turn.delete();
      }
    }

    private boolean isOlder(Path path, Duration age) throws IOException {
      try {
        long since = System.currentTimeMillis() - files.getFileStatus(path).getModificationTime();
        return since > age.toMillis();
      } catch (FileNotFoundException gone) {
        return false;
      }
    }
  }

  private static UserException held(Path file, String line) {
    return UserException.locked(
        "another run holds %s: %s; wait until it is done".formatted(file, described(line)));
  }

  private static String described(String line) {
    return LockHolder.read(line)
        .map(holder -> OneLine.of(holder.toString()))
        .orElse("it does not say whose");
  }

  private static boolean isStill(LockHolder mine, AtomicFile pointer) throws IOException {
    return pointer
        .read()
        .flatMap(LockHolder::read)
        .filter(found -> found.token().equals(mine.token()))
        .isPresent();
  }

  private void beat() {
    try {
      if (isStill(holder, pointer)) {
        pointer.replace(holder.beating().line());
      }
    } catch (IOException e) {
      LOG.warn("cannot renew {}: {}", file, OneLine.of(e.toString()));
    }
  }

  /**
   * Sees to it that the lock is still this one's: to be called before what others see is changed.
   *
   * @throws UserException locked if another run has taken it
   */
  public void requireHeld() {
    try {
      if (!isStill(holder, pointer)) {
        throw UserException.locked(
            "another run has taken %s, because this one was not heard of: %s"
                .formatted(file, described(pointer.read().orElse(""))));
      }
    } catch (IOException e) {
      throw UserException.data("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  /** Gives the lock back. */
  @Override
  public void close() {
    beating.cancel(false);
    heart.shutdown();
    try {
      if (!heart.awaitTermination(1, TimeUnit.MINUTES)) {
        LOG.warn("the last heartbeat of {} does not end", file);
      }
      if (isStill(holder, pointer)) {
        pointer.delete();
      }
    } catch (IOException e) {
      LOG.warn("cannot remove {}: {}; the next run breaks it", file, OneLine.of(e.toString()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
