package storyloom.serve.http;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** The local file system, with faults when it is read. */
public final class FaultyFiles extends RawLocalFileSystem {

  /** What goes wrong. */
  enum Fault {
    NONE,

    /** A broken disk, whatever is read. */
    INPUT_OUTPUT,

    /**
     * A disk that breaks again and again: each fourth time that the name of the current model is
     * read, and each fifteenth time that another file is, which loading a model does less often.
     */
    NOW_AND_THEN,

    /** A broken program. */
    OF_JAVA
  }

  private static final String SCHEME = "faulty";
  private static final URI ROOT = URI.create(SCHEME + ":///");

  /** Linux gives an input/output error for its first byte. */
  private static final Path BROKEN = new Path("/proc/self/mem");

  private static final AtomicInteger NAMES_READ = new AtomicInteger();
  private static final AtomicInteger FILES_READ = new AtomicInteger();
  private static volatile Fault fault = Fault.NONE;

  /** Has all readers meet with a fault from now on. */
  static void set(Fault next) {
    fault = next;
  }

  /** A folder as it is seen through this. */
  static String uri(java.nio.file.Path folder) {
    return SCHEME + "://" + folder.toAbsolutePath();
  }

  /** One that knows this. */
  static Configuration configuration() {
    Configuration configuration = new Configuration();
    configuration.setClass(
        "fs.%s.impl".formatted(SCHEME), FaultyFiles.class, org.apache.hadoop.fs.FileSystem.class);
    return configuration;
  }

  @Override
  public URI getUri() {
    return ROOT;
  }

  @Override
  public String getScheme() {
    return SCHEME;
  }

  @Override
  public FSDataInputStream open(Path file, int bufferSize) throws IOException {
    return switch (fault) {
      case NONE -> super.open(file, bufferSize);
      case INPUT_OUTPUT -> super.open(BROKEN, bufferSize);
      case NOW_AND_THEN -> super.open(isBroken(file) ? BROKEN : file, bufferSize);
      case OF_JAVA -> throw new NoClassDefFoundError("made up by a test");
    };
  }

  private static boolean isBroken(Path file) {
    return file.getName().equals("current")
        ? NAMES_READ.incrementAndGet() % 4 == 0
        : FILES_READ.incrementAndGet() % 15 == 0;
  }
}
