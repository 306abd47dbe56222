package storyloom.pipeline.batch;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import storyloom.model.UserException;
import storyloom.model.files.AtomicFolder;
import storyloom.model.files.HadoopFiles;
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
   * A file that one attempt has written whole.
   *
   * @param worker whose shard it is, counted from 0
   * @param file where it is
   * @param totals what it holds
   */
  private record Written(int worker, String file, ShardTotals totals) implements Serializable {}

  /**
   * A shard that was read to see whether it is whole.
   *
   * @param pairs that it holds
   * @param complaint what is wrong with it; null if nothing is
   */
  private record Checked(long pairs, String complaint) implements Serializable {
    static Checked of(Path file, Configuration configuration) {
      try {
        LongAdder pairs = new LongAdder();
        ShardFile.read(file, configuration, block -> pairs.add(block.size()));
        return new Checked(pairs.sum(), null);
      } catch (UserException damaged) {
        return new Checked(0, damaged.getMessage());
      }
    }
  }

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
        String folderOfAttempts = shards.staging().toString();
        SerializableConfiguration hadoop = new SerializableConfiguration(configuration);
        List<Written> written =
            WorkerAssignment.assign(pairs, workers)
                .mapPartitionsWithIndex(
                    (worker, own) ->
                        List.of(writeAttempt(worker, own, folderOfAttempts, hadoop.value()))
                            .iterator(),
                    false)
                .collect();
        keep(files, shards.staging(), written);
        shards.commit();
        return written.stream().map(Written::totals).reduce(ShardTotals.NOTHING, ShardTotals::plus);
      }
    } catch (IOException failure) {
      throw UserException.data("cannot write " + folder + ": " + failure.getMessage(), failure);
    }
  }

  /**
   * Writes the pairs of one partition, on an executor. Every attempt of a task writes a file of its
   * own name, so that attempts never meet; the driver keeps the one that counts.
   */
  private static Written writeAttempt(
      int worker, Iterator<EncodedPair> pairs, String folder, Configuration configuration) {
    Path file = new Path(folder, "attempt-" + worker + "-" + TaskContext.get().taskAttemptId());
    ShardTotals[] totals = {ShardTotals.NOTHING};
    try {
      HadoopFiles.write(
          file.getFileSystem(configuration),
          file,
          true,
          out -> {
            ShardFile.Writer writer = new ShardFile.Writer(out);
            for (EncodedPair pair = next(pairs); pair != null; pair = next(pairs)) {
              writer.add(pair);
              totals[0] = totals[0].plus(ShardTotals.of(pair));
            }
            writer.end();
          });
    } catch (IOException failure) {
      throw UserException.data(
          "cannot write %s: %s; make room, or see that it may be written"
              .formatted(file, failure.getMessage()),
          failure);
    }
    return new Written(worker, file.toString(), totals[0]);
  }

  /**
   * The next pair, null behind the last. Spark sorts with files of its own and throws their
   * IOExceptions undeclared; they must not be taken for those of the shard.
   */
  static EncodedPair next(Iterator<EncodedPair> pairs) {
    try {
      return pairs.hasNext() ? pairs.next() : null;
    } catch (Exception failure) {
      if (failure instanceof IOException) {
        throw UserException.data(
            "Spark cannot use its own files: %s; see that spark.local.dir has room on every machine"
                .formatted(failure.getMessage()),
            failure);
      }
      throw failure;
    }
  }

  /** Names the files of the attempts that counted, and clears away what others left. */
  private static void keep(FileSystem files, Path staging, List<Written> written)
      throws IOException {
    for (Written each : written) {
      Path named = new Path(staging, name(each.worker()));
      if (!files.rename(new Path(each.file()), named)) {
        throw new IOException(each.file() + " cannot be renamed to " + named);
      }
    }
    for (FileStatus status : files.listStatus(staging)) {
      if (!status.getPath().getName().startsWith(PREFIX)) {
        files.delete(status.getPath(), false);
      }
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
    List<PairShard.Block> blocks = new ArrayList<>();
    ShardFile.read(file, configuration, blocks::add);
    return new PairShard(blocks);
  }

  /**
   * Reads the shards that paths name, on the executors; partitioned as the paths are.
   *
   * @param paths of shard files
   */
  public static JavaRDD<PairShard> read(
      JavaRDD<String> paths, SerializableConfiguration configuration) {
    return paths.map(path -> read(new Path(path), configuration.value()));
  }

  /**
   * Reads all shards of a folder on the executors, to see whether they are whole.
   *
   * @param workers how many there must be
   * @param pairs how many they must hold together
   * @throws UserException if a shard is missing or damaged; the message names the first one
   */
  static void requireWhole(JavaSparkContext context, Path folder, int workers, long pairs) {
    List<String> paths =
        paths(folder, context.hadoopConfiguration()).stream().map(Path::toString).toList();
    SerializableConfiguration configuration =
        new SerializableConfiguration(context.hadoopConfiguration());
    List<Checked> shards;
    try (JobDescription described =
        JobDescription.of(context, "check the shards of " + folder.getName())) {
      shards =
          context
              .parallelize(paths, paths.size())
              .map(path -> Checked.of(new Path(path), configuration.value()))
              .collect();
    }
    for (Checked shard : shards) {
      if (shard.complaint() != null) {
        throw UserException.data(shard.complaint());
      }
    }
    long found = shards.stream().mapToLong(Checked::pairs).sum();
    if (shards.size() != workers || found != pairs) {
      throw UserException.data(
          "%s has %d shards with %d pairs together, not %d with %d"
              .formatted(folder, shards.size(), found, workers, pairs));
    }
  }

  private static String name(int worker) {
    return String.format(Locale.ROOT, "%s%05d.bin", PREFIX, worker);
  }
}
