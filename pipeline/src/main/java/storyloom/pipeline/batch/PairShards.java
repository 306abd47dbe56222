package storyloom.pipeline.batch;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.util.SerializableConfiguration;
import storyloom.model.UserException;
import storyloom.model.files.AtomicFolder;
import storyloom.pipeline.JobDescription;

/**
 * A split's encoded pairs as a folder of shard files, one for each worker of a training.
 *
 * <p>Which pair goes where depends on the pairs and the number of workers only: all pairs are put
 * in the order of a hash of their ids, and pair i of that order goes to worker i modulo workers. So
 * workers' shards differ in size by one pair at most.
 */
public final class PairShards {

  private static final String PREFIX = "shard-";

  private PairShards() {}

  /**
   * Writes the shards on the executors, beside {@code folder}, and gives the whole its name when
   * all are written; a folder of that name is replaced.
   *
   * @param workers number of shards; one without pairs is written too
   * @param folder where they shall stand, on a file system that all executors reach
   * @throws UserException if the folder cannot be written
   */
  public static ShardTotals write(
      JavaRDD<EncodedPair> pairs, int workers, Path folder, Configuration configuration) {
    if (workers < 1) {
      throw new IllegalArgumentException("train.workers must be at least 1, not " + workers);
    }
    try {
      FileSystem files = folder.getFileSystem(configuration);
      try (AtomicFolder shards = new AtomicFolder(folder.toString(), true, configuration);
          JobDescription described =
              JobDescription.of(pairs.context(), "write the shards of " + folder.getName())) {
        files.mkdirs(shards.staging());
        ShardTask task =
            new ShardTask(
                shards.staging().toString(), new SerializableConfiguration(configuration));
        List<ShardTask.Written> written =
            WorkerAssignment.deal(pairs, workers).mapPartitionsWithIndex(task, false).collect();
        keep(files, shards.staging(), written);
        shards.commit();
        return written.stream()
            .map(ShardTask.Written::totals)
            .reduce(ShardTotals.NOTHING, ShardTotals::plus);
      }
    } catch (IOException failure) {
      throw UserException.data("cannot write " + folder + ": " + failure.getMessage(), failure);
    }
  }

  /**
   * The shard files of a folder, the first worker's first.
   *
   * @throws UserException if there is no such folder, or a file is missing
   */
  public static List<Path> paths(Path folder, Configuration configuration) {
    try {
      List<Path> paths =
          Arrays.stream(folder.getFileSystem(configuration).listStatus(folder))
              .map(FileStatus::getPath)
              .sorted()
              .toList();
      for (int worker = 0; worker < Math.max(1, paths.size()); worker++) {
        if (worker == paths.size() || !paths.get(worker).getName().equals(name(worker))) {
          throw UserException.data(
              "the shards in "
                  + folder
                  + " are not whole: no "
                  + name(worker)
                  + "; delete the folder and run again");
        }
      }
      return paths;
    } catch (IOException failure) {
      throw UserException.data("cannot read " + folder + ": " + failure.getMessage(), failure);
    }
  }

  /**
   * Reads a shard file.
   *
   * @throws UserException if it cannot be read or is damaged
   */
  public static PairShard read(Path file, Configuration configuration) {
    List<PairBlock> blocks = new ArrayList<>();
    ShardReader.read(file, configuration, blocks::add);
    return new PairShard(blocks);
  }

  /** Names the files of the attempts that counted, and clears away what others left. */
  private static void keep(FileSystem files, Path folder, List<ShardTask.Written> written)
      throws IOException {
    for (ShardTask.Written each : written) {
      Path named = new Path(folder, name(each.worker()));
      if (!files.rename(new Path(each.file()), named)) {
        throw new IOException(each.file() + " cannot be renamed to " + named);
      }
    }
    for (FileStatus status : files.listStatus(folder)) {
      if (!status.getPath().getName().startsWith(PREFIX)) {
        files.delete(status.getPath(), false);
      }
    }
  }

  private static String name(int worker) {
    return String.format(Locale.ROOT, "%s%05d.bin", PREFIX, worker);
  }
}
