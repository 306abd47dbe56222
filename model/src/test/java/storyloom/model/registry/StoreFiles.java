package storyloom.model.registry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.util.Progressable;

/**
 * A folder that behaves as S3A does: a file shows when it is whole, and one that must not be there
 * yet is looked for, and then put.
 */
public final class StoreFiles extends RawLocalFileSystem {

  private static volatile Puts puts = name -> {};

  /** Is told the name of each file that is about to be put, by the thread that puts it. */
  interface Puts {
    void before(String name) throws IOException;
  }

  /** Settings by which {@code store://} is such a folder. */
  static Configuration configuration(Puts told) {
    puts = told;
    Configuration configuration = new Configuration();
    configuration.setClass("fs.store.impl", StoreFiles.class, RawLocalFileSystem.class);
    configuration.setBoolean("fs.store.impl.disable.cache", true); // others have a store, too
    return configuration;
  }

  @Override
  public URI getUri() {
    return URI.create("store:///");
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    if (!overwrite && exists(path)) {
      throw new FileAlreadyExistsException(path.toString());
    }
    return new FSDataOutputStream(new Put(pathToFile(path).toPath()), statistics);
  }

  private static final class Put extends ByteArrayOutputStream {

    private final java.nio.file.Path target;

    Put(java.nio.file.Path target) {
      this.target = target;
    }

    @Override
    public void close() throws IOException {
      puts.before(target.getFileName().toString());
      java.nio.file.Path aside = target.resolveSibling("." + UUID.randomUUID());
      Files.write(aside, toByteArray());
      Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
    }
  }
}
