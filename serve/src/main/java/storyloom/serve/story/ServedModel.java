package storyloom.serve.story;

import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import storyloom.model.UserException;
import storyloom.model.bundle.Bundle;
import storyloom.model.bundle.Provenance;
import storyloom.model.decode.DecodeSettings;
import storyloom.model.decode.PromptReader;
import storyloom.model.nn.config.AttentionKind;
import storyloom.model.settings.Settings;
import storyloom.model.text.token.Vocabulary;

/**
 * An open model that writes stories. It stays open as long as somebody holds it; whoever makes it
 * is the first holder.
 */
public final class ServedModel {

  private static final int TRIAL_TOKENS = 8;
  private static final long TRIAL_MILLIS = 60_000;

  private final Bundle bundle;
  private final PromptReader desk;
  private final StoryWriter writer;
  private int holders = 1;

  private ServedModel(Bundle bundle, WriterSettings settings) {
    this.bundle = bundle;
    this.desk = new PromptReader(bundle);
    this.writer = new StoryWriter(bundle, settings);
  }

  /**
   * Opens a model and has it write a few words, to see that it can.
   *
   * @throws UserException of data if it cannot be read, or writes nothing of sense
   */
  static ServedModel open(Path directory, Configuration configuration, WriterSettings settings) {
    ServedModel model = new ServedModel(Bundle.read(directory, configuration), settings);
    boolean good = false;
    try {
      good = model.passesTrial();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      if (!good) {
        model.release();
      }
    }
    if (!good) {
      throw UserException.data(
          "the model %s cannot write: its weights are no numbers, or the memory is too small for it; promote another one"
              .formatted(directory));
    }
    return model;
  }

  private boolean passesTrial() throws InterruptedException {
    Settings settings =
        Settings.defaults()
            .with("decode.strategy", "greedy")
            .with("decode.max-tokens", Integer.toString(TRIAL_TOKENS));
    StoryRequest wish = new StoryRequest("", DecodeSettings.of(settings), 1, false);
    PendingStory order = PendingStory.of(desk, new int[] {Vocabulary.OOV}, wish, false);
    return writer.take(order)
        && order.next(TRIAL_MILLIS) instanceof PendingStory.News.Done done
        && Double.isFinite(done.stories().get(0).logProb());
  }

  /** Takes hold of this model, unless it is closed already. */
  synchronized boolean hold() {
    if (holders == 0) {
      return false;
    }
    holders++;
    return true;
  }

  /** Lets go of this model; the last one to do so closes it. */
  public void release() {
    synchronized (this) {
      if (--holders > 0) {
        return;
      }
    }
    writer.close();
    bundle.close();
  }

  /** The model's name. */
  public String version() {
    return bundle.version();
  }

  /** Reads prompts, and turns ids into text. */
  public PromptReader desk() {
    return desk;
  }

  /** Writes stories. */
  public StoryWriter writer() {
    return writer;
  }

  /** Where the model comes from. */
  public Provenance provenance() {
    return bundle.provenance();
  }

  /** Whether it looks at its prompt while it writes. */
  public boolean hasAttention() {
    return bundle.config().attention() != AttentionKind.NONE;
  }

  /** Longest prompt, in tokens. */
  public int longestPrompt() {
    return bundle.text().maxPromptTokens();
  }

  /** The model's shape, by name. */
  public Map<String, Object> shape() {
    return Map.of(
        "vocabulary", bundle.config().vocabulary(),
        "embedding", bundle.config().embedding(),
        "hidden", bundle.config().hidden(),
        "layers", bundle.config().layers(),
        "attention", bundle.config().attention().toString());
  }
}
