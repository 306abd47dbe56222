package storyloom.pipeline.train.average;

import java.util.Collections;
import java.util.Iterator;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.util.SerializableConfiguration;
import storyloom.pipeline.batch.PairShard;
import storyloom.pipeline.batch.PairShards;

/** Reads the shard that a partition's one path names. */
public final class ShardReading implements FlatMapFunction<Iterator<String>, PairShard> {

  private final SerializableConfiguration configuration;

  public ShardReading(SerializableConfiguration configuration) {
    this.configuration = configuration;
  }

  @Override
  public Iterator<PairShard> call(Iterator<String> paths) {
    return Collections.singleton(PairShards.read(new Path(paths.next()), configuration.value()))
        .iterator();
  }
}
