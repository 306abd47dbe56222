package storyloom.model.registry;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Who holds a lock, as its file says.
 *
 * @param owner the user
 * @param host where the process runs
 * @param system what tells machines and containers of one host name apart; empty where that is not
 *     known
 * @param process its number
 * @param started when the process was started, in the system's own count; empty where that is not
 *     known
 * @param since when it took the lock
 * @param heartbeat when it was last heard of
 * @param token nobody else's
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record LockHolder(
    String owner,
    String host,
    String system,
    long process,
    String started,
    String since,
    String heartbeat,
    String token) {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

  /** States of a process that has ended and was not waited for yet; see proc(5). */
  private static final Set<String> DEAD = Set.of("Z", "X");

  private static final int STATE = 0;
  private static final int START = 19;
  private static final Path PROCESSES = Path.of("/proc/self/ns/pid");

  /** This process, which takes a lock now. */
  static LockHolder here() {
    String now = Instant.now().toString();
    return new LockHolder(
        user(),
        hostName(),
        thisSystem(),
        ProcessHandle.current().pid(),
        startOf(ProcessHandle.current().pid()),
        now,
        now,
        UUID.randomUUID().toString());
  }

  private static String user() {
    return System.getProperty("user.name");
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException nameless) {
      return "localhost";
    }
  }

  /** Linux: this start of the machine, and the numbering of processes that this one sees. */
  private static String thisSystem() {
    try {
      return Files.readString(BOOT).strip() + " " + Files.readSymbolicLink(PROCESSES);
    } catch (IOException | UnsupportedOperationException unknown) {
      return "";
    }
  }

  /**
   * Linux: the ticks since the machine's start at which a living process began, which no change of
   * the clock touches; empty for a dead one.
   */
  private static String startOf(long process) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(process), "stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return DEAD.contains(fields[STATE]) ? "" : fields[START];
    } catch (IOException gone) {
      return "";
    }
  }

  LockHolder beating() {
    return new LockHolder(
        owner, host, system, process, started, since, Instant.now().toString(), token);
  }

  /**
   * Whether the process can be looked up: one's own on the same system, as others' may be hidden.
   */
  boolean isOfThisSystem() {
    return !system.isEmpty() && system.equals(thisSystem()) && owner.equals(user());
  }

  /** Whether the process is there; only to be asked of one {@link #isOfThisSystem}. */
  boolean lives() {
    String living = startOf(process);
    return !living.isEmpty() && living.equals(started);
  }

  /** When it was last heard of; empty if it names no such time. */
  Optional<Instant> lastHeard() {
    try {
      return Optional.of(Instant.parse(heartbeat));
    } catch (DateTimeParseException noTime) {
      return Optional.empty();
    }
  }

  /** One line of JSON. */
  String line() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no JSON: " + this, e);
    }
  }

  /** Reads what {@link #line} gave; empty if it was not written to its end, or is no such line. */
  static Optional<LockHolder> read(String line) {
    try {
      return Optional.ofNullable(JSON.readValue(line, LockHolder.class))
          .filter(LockHolder::isComplete);
    } catch (JsonProcessingException torn) {
      return Optional.empty();
    }
  }

  private boolean isComplete() {
    return Stream.of(owner, host, system, started, since, heartbeat, token)
        .allMatch(Objects::nonNull);
  }

  @Override
  public String toString() {
    return "%s on %s, process %d, since %s, last heard of at %s"
        .formatted(owner, host, process, since, heartbeat);
  }
}
