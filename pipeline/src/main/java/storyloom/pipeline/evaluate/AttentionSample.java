package storyloom.pipeline.evaluate;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import storyloom.model.UserException;
import storyloom.model.bundle.Bundle;
import storyloom.model.decode.AttentionMap;
import storyloom.model.decode.DecodeSettings;
import storyloom.model.decode.StoryDecoder;
import storyloom.model.decode.StoryDecoder.Request;
import storyloom.model.nn.config.AttentionKind;
import storyloom.model.nn.kernel.NativeThreads;
import storyloom.pipeline.JobDescription;

/** What a model looked at while it wrote the first stories of a {@link StorySample}. */
public final class AttentionSample {

  private final BundleBroadcast bundle;

  /**
   * @param bundle directory of the model, which all executors reach
   * @throws UserException of data if the model cannot be used, of usage if it has no attention
   */
  public AttentionSample(Path bundle, Configuration configuration) {
    this.bundle = BundleBroadcast.of(bundle, configuration);
    if (this.bundle.with(model -> model.config().attention()) == AttentionKind.NONE) {
      throw UserException.usage(
          "model %s has no attention to look at (model.attention=none): leave --attention out"
              .formatted(this.bundle.version()));
    }
  }

  /**
   * Has the model write the stories again, one after the other in one task: a story that is written
   * twice is the same.
   *
   * @param settings how stories are written
   * @param most how many at most; prompts that the model rejects are left out
   */
  public List<AttentionMap> read(
      JavaSparkContext context, PairSample sample, DecodeSettings settings, int most) {
    List<Request> requests =
        IntStream.range(0, sample.size())
            // a story's key is its place there too
            .mapToObj(i -> new Request(sample.prompts().get(i), Integer.toString(i)))
            .toList();
    BundleBroadcast use = bundle;
    try (JobDescription described =
        JobDescription.of(context, "look at the attention of model " + use.version())) {
      return context
          .parallelize(requests, 1)
          .mapPartitions(part -> use.with(model -> read(part, model, settings, most)).iterator())
          .collect();
    }
  }

  private static List<AttentionMap> read(
      Iterator<Request> requests, Bundle model, DecodeSettings settings, int most) {
    NativeThreads.set(Math.max(1, TaskContext.get().cpus()));
    StoryDecoder decoder = new StoryDecoder(model, settings);
    List<AttentionMap> maps = new ArrayList<>();
    while (maps.size() < most && requests.hasNext()) {
      decoder.attention(requests.next()).ifPresent(maps::add);
    }
    return maps;
  }
}
