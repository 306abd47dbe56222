package storyloom.pipeline.generate;

import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;
import storyloom.model.bundle.SharedBundle;
import storyloom.model.decode.DecodeSettings;
import storyloom.model.decode.StoryDecoder;
import storyloom.model.nn.kernel.NativeThreads;

/**
 * The story of one prompt, as Spark calls it row by row; null for a prompt that is rejected. Each
 * task has a copy of its own, which holds the model until the task ends.
 */
final class StoryFunction implements UDF1<String, String> {

  private final String bundle;
  private final String version;
  private final DecodeSettings settings;
  private final SerializableConfiguration configuration;
  private transient StoryDecoder decoder;

  /**
   * @param bundle the bundle's directory, which all executors reach
   * @param version the bundle's version
   */
  StoryFunction(
      String bundle,
      String version,
      DecodeSettings settings,
      SerializableConfiguration configuration) {
    this.bundle = bundle;
    this.version = version;
    this.settings = settings;
    this.configuration = configuration;
  }

  @Override
  public String call(String prompt) {
    TaskContext task = TaskContext.get();
    if (task == null) { // Spark's optimizer computes what depends on no row
      try (SharedBundle held = hold()) {
        return story(new StoryDecoder(held.bundle(), settings), prompt);
      }
    }
    if (decoder == null) {
      NativeThreads.set(Math.max(1, task.cpus()));
      SharedBundle held = hold();
      task.addTaskCompletionListener((TaskCompletionListener) ended -> held.close());
      decoder = new StoryDecoder(held.bundle(), settings);
    }
    return story(decoder, prompt);
  }

  private SharedBundle hold() {
    return SharedBundle.hold(bundle, version, configuration.value());
  }

  private static String story(StoryDecoder decoder, String prompt) {
    return decoder.generate(List.of(new StoryDecoder.Request(prompt, ""))).get(0).story();
  }
}
