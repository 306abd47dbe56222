package storyloom.model.files;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import storyloom.model.UserException;

/**
 * A directory of files that its SHA256SUMS vouches for, as {@link Writer} writes it and {@code
 * sha256sum -c} checks it. Files that SHA256SUMS does not list are not seen.
 *
 * <p>What is read lies in the directory: on the local file system a link is followed if it ends at
 * a file of the same directory, or of one below, as the links of Kubernetes' volumes do; the
 * directory itself may be reached by any link. Pipes and devices are not read.
 */
public final class ChecksummedDirectory {

  private static final String SUMS = "SHA256SUMS";

  /** What every message about a damaged file ends with. */
  public static final String REMEDY = "; copy it anew from where it came, or train again";

  /** Some ten thousand files; a bundle has four, a prepared corpus some for each worker. */
  private static final int MOST_BYTES_OF_SUMS = 1 << 20;

  private static final Pattern LINE =
      Pattern.compile("([0-9a-f]{64}) [ *]([A-Za-z0-9][A-Za-z0-9._-]*)");

  /** Makes something of a file's content. */
  @FunctionalInterface
  public interface Parser<T> {

    /**
     * @param length of the whole content, in bytes
     * @param file path of the file, for messages
     */
    T parse(InputStream in, long length, String file) throws IOException;
  }

  private final FileSystem files;
  private final Path directory;
  private final SortedMap<String, String> sums;

  private ChecksummedDirectory(FileSystem files, Path directory, SortedMap<String, String> sums) {
    this.files = files;
    this.directory = directory;
    this.sums = sums;
  }

  /**
   * Reads SHA256SUMS, and nothing else yet.
   *
   * @throws UserException of data if the directory or its SHA256SUMS is missing or unreadable
   */
  public static ChecksummedDirectory open(Path directory, Configuration configuration) {
    FileSystem files = HadoopFiles.of(directory, configuration);
    Path file = new Path(directory, SUMS);
    try {
      requireWithin(files, directory, file);
      return new ChecksummedDirectory(
          files, directory, sums(HadoopFiles.readAtMost(MOST_BYTES_OF_SUMS, files, file), file));
    } catch (FileNotFoundException e) {
      throw UserException.data(
          directory + " is not a bundle or not a whole one: it has no " + SUMS + REMEDY, e);
    } catch (IOException e) {
      throw UserException.data("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private static SortedMap<String, String> sums(byte[] bytes, Path file) {
    SortedMap<String, String> sums = new TreeMap<>();
    String[] lines = new String(bytes, StandardCharsets.UTF_8).split("\n");
    for (int i = 0; i < lines.length; i++) {
      Matcher parts = LINE.matcher(lines[i]);
      if (!parts.matches()) {
        String why =
            lines[i].endsWith("\r")
                ? "ends in CR LF, not in LF"
                : "is not 64 hex digits, two spaces and the name of a file";
        throw damaged(file, i, why);
      }
      if (sums.put(parts.group(2), parts.group(1)) != null) {
        throw damaged(file, i, "lists " + parts.group(2) + " again");
      }
    }
    return sums;
  }

  private static UserException damaged(Path file, int line, String why) {
    return UserException.data("%s is damaged: line %d %s%s".formatted(file, line + 1, why, REMEDY));
  }

  /** Refuses a link that leads out of the directory. */
  private static void requireWithin(FileSystem files, Path directory, Path file)
      throws IOException {
    Optional<java.nio.file.Path> local = HadoopFiles.local(files, file);
    if (local.isEmpty() || !Files.exists(local.get(), LinkOption.NOFOLLOW_LINKS)) {
      return; // missing, which is said when it is read
    }
    try {
      java.nio.file.Path root = HadoopFiles.local(files, directory).orElseThrow().toRealPath();
      if (!local.get().toRealPath().startsWith(root)) {
        throw UserException.data(
            file + " is a link that leads out of its directory: put the file itself there");
      }
    } catch (NoSuchFileException e) {
      throw new IOException("it is a link to a file that is missing", e);
    }
  }

  /**
   * Compares every listed file with its checksum.
   *
   * @throws UserException of data that names the first file that is missing or differs
   */
  public void verify() {
    sums.keySet().forEach(this::verify);
  }

  /**
   * Compares one file with its checksum.
   *
   * @throws UserException of data if it is not listed, missing, or differs
   */
  public void verify(String name) {
    String found = read(name, (in, length, file) -> Sha256.hex(in));
    if (!found.equals(sha256(name))) {
      throw UserException.data(
          "%s is damaged: it does not match %s%s".formatted(file(name), SUMS, REMEDY));
    }
  }

  /**
   * Reads one file.
   *
   * @throws UserException of data if it is not listed, missing or unreadable, or the parser says so
   */
  public <T> T read(String name, Parser<T> parser) {
    return read(name, Long.MAX_VALUE, parser);
  }

  /**
   * Reads one file that is not larger than what it holds may be.
   *
   * @param most bytes that it may have
   * @throws UserException of data if it is not listed, missing or unreadable, has more bytes, or
   *     the parser says so
   */
  public <T> T read(String name, long most, Parser<T> parser) {
    sha256(name);
    Path file = file(name);
    try {
      requireWithin(files, directory, file);
      long length = files.getFileStatus(file).getLen();
      if (length > most) {
        throw UserException.data(
            "%s has %,d bytes, more than the %,d that it may have%s"
                .formatted(file, length, most, REMEDY));
      }
      return HadoopFiles.read(files, file, in -> parser.parse(in, length, file.toString()));
    } catch (FileNotFoundException e) {
      throw UserException.data(file + " is missing" + REMEDY, e);
    } catch (IOException e) {
      throw UserException.data("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  /** Whether SHA256SUMS lists a file of this name. */
  public boolean lists(String name) {
    return sums.containsKey(name);
  }

  /**
   * The checksum of a file, as listed: 64 hex digits.
   *
   * @throws UserException of data if the file is not listed
   */
  public String sha256(String name) {
    String sum = sums.get(name);
    if (sum == null) {
      throw UserException.data(file(SUMS) + " does not list " + name + REMEDY);
    }
    return sum;
  }

  /** The path of a file of this directory. */
  public Path file(String name) {
    return new Path(directory, name);
  }

  /**
   * Writes a directory so that readers see it whole or not at all ({@link AtomicFolder}). What was
   * not committed is removed on {@link #close()}, or when the process is told to stop.
   */
  public static final class Writer implements AutoCloseable {

    private static final String UNFINISHED = "_unfinished-";

    private final Configuration configuration;
    private final FileSystem files;
    private final Path parent;
    private final AtomicFolder.Staging staging;
    private final SortedMap<String, String> sums = new TreeMap<>();

    /**
     * @param parent where the directory will stand; made if it is missing
     * @throws UserException if nothing can be written there
     */
    public Writer(Path parent, Configuration configuration) {
      this.configuration = configuration;
      this.files = HadoopFiles.of(parent, configuration);
      this.parent = parent;
      try {
        staging = new AtomicFolder.Staging(files, new Path(parent, UNFINISHED + UUID.randomUUID()));
      } catch (IOException e) {
        throw unwritable(e);
      }
    }

    /** Where the directory stands until it is committed; files put there are not checked. */
    public Path folder() {
      return staging.path();
    }

    /** Whether a directory of this name was never finished: nobody reads it. */
    public static boolean isUnfinished(String name) {
      return name.startsWith(UNFINISHED);
    }

    /**
     * Adds a file.
     *
     * @return its SHA-256 in 64 hex digits
     * @throws UserException if it cannot be written
     */
    public String write(String name, HadoopFiles.Content content) {
      MessageDigest digest = Sha256.digest();
      try {
        HadoopFiles.write(
            files,
            new Path(staging.path(), name),
            false,
            out -> content.writeTo(new DigestOutputStream(out, digest)));
      } catch (IOException e) {
        throw unwritable(e);
      }
      String sum = Sha256.hex(digest);
      sums.put(name, sum);
      return sum;
    }

    /**
     * Adds SHA256SUMS, reads every file back to see that it is whole, and gives the directory its
     * name.
     *
     * @throws UserException if a file is not what was written, the name is taken or the directory
     *     cannot be written
     */
    public void commit(String name) {
      StringBuilder lines = new StringBuilder();
      sums.forEach((file, sum) -> lines.append(sum).append("  ").append(file).append('\n'));
      byte[] bytes = lines.toString().getBytes(StandardCharsets.UTF_8);
      Path target = new Path(parent, name);
      write(SUMS, out -> out.write(bytes));
      try {
        if (files.exists(target)) {
          throw UserException.data(target + " exists already and is left as it is");
        }
        open(staging.path(), configuration).verify();
        staging.rename(target);
      } catch (IOException e) {
        throw unwritable(e);
      }
    }

    /** Removes what was not committed. */
    @Override
    public void close() {
      try {
        staging.discard();
      } catch (IOException e) {
        throw unwritable(e);
      }
    }

    private UserException unwritable(IOException e) {
      return UserException.data(
          "cannot write below %s: %s; make room, or see that it may be written"
              .formatted(parent, e.getMessage()),
          e);
    }
  }
}
