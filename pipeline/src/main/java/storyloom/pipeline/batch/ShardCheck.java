package storyloom.pipeline.batch;

import java.io.Serializable;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import storyloom.model.UserException;
import storyloom.pipeline.JobDescription;

/**
 * What reading a shard, to see whether it is whole, came to.
 *
 * @param pairs that it holds
 * @param complaint what is wrong with it; null if nothing is
 */
record ShardCheck(long pairs, String complaint) implements Serializable {

  /**
   * Reads all shards of a folder on the executors.
   *
   * @param workers how many there must be
   * @param pairs how many they must hold together
   * @throws UserException if a shard is missing or damaged; the message names the first one
   */
  static void requireWhole(JavaSparkContext context, Path folder, int workers, long pairs) {
    List<String> paths =
        PairShards.paths(folder, context.hadoopConfiguration()).stream()
            .map(Path::toString)
            .toList();
    SerializableConfiguration configuration =
        new SerializableConfiguration(context.hadoopConfiguration());
    List<ShardCheck> shards;
    try (JobDescription described =
        JobDescription.of(context, "check the shards of " + folder.getName())) {
      shards =
          context
              .parallelize(paths, paths.size())
              .map(path -> of(new Path(path), configuration.value()))
              .collect();
    }
    for (ShardCheck shard : shards) {
      if (shard.complaint() != null) {
        throw UserException.data(shard.complaint());
      }
    }
    long found = shards.stream().mapToLong(ShardCheck::pairs).sum();
    if (shards.size() != workers || found != pairs) {
      throw UserException.data(
          "%s has %d shards with %d pairs together, not %d with %d"
              .formatted(folder, shards.size(), found, workers, pairs));
    }
  }

  private static ShardCheck of(Path file, Configuration configuration) {
    try {
      LongAdder pairs = new LongAdder();
      ShardReader.read(file, configuration, block -> pairs.add(block.size()));
      return new ShardCheck(pairs.sum(), null);
    } catch (UserException damaged) {
      return new ShardCheck(0, damaged.getMessage());
    }
  }
}
