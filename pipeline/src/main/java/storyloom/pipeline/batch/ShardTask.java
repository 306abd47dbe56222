package storyloom.pipeline.batch;

import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.util.SerializableConfiguration;
import storyloom.model.UserException;
import storyloom.model.files.HadoopFiles;

/**
 * Writes the pairs of one partition, on an executor, as a shard file. Every attempt of a task
 * writes a file of its own name, so that attempts never meet; the driver keeps the one that it is
 * told of.
 */
final class ShardTask
    implements Function2<Integer, Iterator<EncodedPair>, Iterator<ShardTask.Written>> {

  private final String folder;
  private final SerializableConfiguration configuration;

  /**
   * A file that one attempt has written whole.
   *
   * @param worker whose shard it is, counted from 0
   * @param file where it is
   * @param totals what it holds
   */
  record Written(int worker, String file, ShardTotals totals) implements Serializable {}

  ShardTask(String folder, SerializableConfiguration configuration) {
    this.folder = folder;
    this.configuration = configuration;
  }

  @Override
  public Iterator<Written> call(Integer worker, Iterator<EncodedPair> pairs) {
    Path file = new Path(folder, "attempt-" + worker + "-" + TaskContext.get().taskAttemptId());
    ShardTotals[] totals = {ShardTotals.NOTHING};
    try {
      HadoopFiles.write(
          file.getFileSystem(configuration.value()),
          file,
          true,
          out -> totals[0] = write(pairs, out));
    } catch (IOException failure) {
      throw UserException.data(
          "cannot write %s: %s; make room, or see that it may be written"
              .formatted(file, failure.getMessage()),
          failure);
    }
    return List.of(new Written(worker, file.toString(), totals[0])).iterator();
  }

  private static ShardTotals write(Iterator<EncodedPair> pairs, OutputStream out)
      throws IOException {
    ShardWriter writer = new ShardWriter(out);
    ShardTotals totals = ShardTotals.NOTHING;
    while (pairs.hasNext()) {
      EncodedPair pair = pairs.next();
      writer.add(pair);
      totals = totals.plus(ShardTotals.of(pair));
    }
    writer.end();
    return totals;
  }
}
