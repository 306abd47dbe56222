package storyloom.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import storyloom.pipeline.batch.EncodedPair;
import storyloom.pipeline.batch.PairShards;

/** Shards of pairs in a folder of this machine, which is removed in the end. */
public final class TemporaryShards implements AutoCloseable {

  private final Configuration hadoop;
  private final java.nio.file.Path folder;

  /**
   * @param hadoop how files are reached
   */
  public TemporaryShards(Configuration hadoop) {
    this.hadoop = hadoop;
    try {
      this.folder = Files.createTempDirectory("storyloom-bench-");
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Writes pairs, one shard a worker; gives the shards' folder. */
  public Path write(String name, JavaRDD<EncodedPair> pairs, int workers) {
    Path shards = new Path(folder.resolve(name).toUri());
    PairShards.write(pairs, workers, shards, hadoop);
    return shards;
  }

  @Override
  public void close() {
    FileUtil.fullyDelete(folder.toFile());
  }
}
