package storyloom.model.files;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import storyloom.model.UserException;

/**
 * A directory of files that its SHA256SUMS vouches for, as {@link ChecksummedDirectoryWriter}
 * writes it and {@code sha256sum -c} checks it. Files that SHA256SUMS does not list are not seen.
 */
public final class ChecksummedDirectory {

  /** The file of checksums. */
  static final String SUMS = "SHA256SUMS";

  /** What every message about a damaged file ends with. */
  public static final String REMEDY = "; copy it anew from where it came, or train again";

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
    try (InputStream in = files.open(file)) {
      return new ChecksummedDirectory(files, directory, sums(in, file));
    } catch (FileNotFoundException e) {
      throw UserException.data(
          directory + " is not a bundle or not a whole one: it has no " + SUMS + REMEDY, e);
    } catch (IOException e) {
      throw UserException.data("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private static SortedMap<String, String> sums(InputStream in, Path file) throws IOException {
    SortedMap<String, String> sums = new TreeMap<>();
    for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
      Matcher parts = LINE.matcher(line);
      if (!parts.matches() || sums.put(parts.group(2), parts.group(1)) != null) {
        throw UserException.data(file + " is damaged" + REMEDY);
      }
    }
    return sums;
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
    String found = read(name, (in, length, file) -> sha256(in));
    if (!found.equals(sha256(name))) {
      throw UserException.data(
          "%s is damaged: it does not match %s%s".formatted(file(name), SUMS, REMEDY));
    }
  }

  private static String sha256(InputStream in) throws IOException {
    MessageDigest digest = Sha256.digest();
    new DigestInputStream(in, digest).transferTo(OutputStream.nullOutputStream());
    return Sha256.hex(digest);
  }

  /**
   * Reads one file.
   *
   * @throws UserException of data if it is not listed, missing or unreadable, or the parser says so
   */
  public <T> T read(String name, Parser<T> parser) {
    sha256(name);
    Path file = file(name);
    try (InputStream in = files.open(file)) {
      return parser.parse(in, files.getFileStatus(file).getLen(), file.toString());
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
}
