package storyloom.serve.story;

import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import storyloom.model.OneLine;
import storyloom.model.UserException;
import storyloom.model.bundle.Bundle;
import storyloom.model.bundle.Provenance;
import storyloom.model.decode.DecodeSettings;
import storyloom.model.decode.PromptReader;
import storyloom.model.nn.config.AttentionKind;
import storyloom.model.settings.Settings;
import storyloom.model.text.PairVocabulary;
import storyloom.model.text.token.Vocabulary;
import storyloom.serve.story.StoryWriter.Capacity;

/**
 * An open model that writes stories. It stays open as long as it has a holder; whoever opens it is
 * the first one.
 */
public final class ServedModel {

  private static final Logger LOG = LoggerFactory.getLogger(ServedModel.class);
  private static final int TRIAL_TOKENS = 8;
  private static final long TRIAL_MILLIS = 60_000;

  private final Bundle bundle;
  private final PromptReader promptReader;
  private final StoryWriter writer;
  private int holders = 1;

  private ServedModel(Bundle bundle, Capacity capacity) {
    this.bundle = bundle;
    this.promptReader = new PromptReader(bundle);
    this.writer = new StoryWriter(bundle, capacity);
  }

  /**
   * Opens a model and has it write a few words, to see that it can.
   *
   * @param decoding how it is to write
   * @throws UserException of data if it cannot be read, for whatever reason, or writes nothing of
   *     sense, and of usage if it cannot write so
   */
  static ServedModel open(
      Path directory, Configuration configuration, Capacity capacity, DecodeSettings decoding) {
    try {
      return openAndTry(directory, configuration, capacity, decoding);
    } catch (UserException known) {
      throw known;
    } catch (OutOfMemoryError full) {
      throw UserException.data("there is not the memory for the model " + name(directory), full);
    } catch (RuntimeException
        | Error failure) { // who wrote the files may have had anything in mind
      LOG.warn("{} cannot be opened", name(directory), LoggedFailure.of(failure));
      throw UserException.data(
          "the model %s cannot be opened (%s): copy it anew from where it came, or promote another one"
              .formatted(name(directory), failure.getClass().getSimpleName()),
          failure);
    }
  }

  private static ServedModel openAndTry(
      Path directory, Configuration configuration, Capacity capacity, DecodeSettings decoding) {
    ServedModel model = of(Bundle.read(directory, configuration), capacity);
    boolean good = false;
    try {
      model.promptReader.prepare(decoding);
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
              .formatted(name(directory)));
    }
    model
        .bundle
        .text()
        .otherRules()
        .ifPresent(others -> LOG.warn("{}: {}", name(directory), OneLine.of(others)));
    return model;
  }

  private static String name(Path directory) {
    return OneLine.of(directory.toString());
  }

  private static ServedModel of(Bundle bundle, Capacity capacity) {
    try {
      return new ServedModel(bundle, capacity);
    } catch (RuntimeException | Error unusable) {
      bundle.close();
      throw unusable;
    }
  }

  private boolean passesTrial() throws InterruptedException {
    Settings settings =
        Settings.defaults()
            .with("decode.strategy", "greedy")
            .with("decode.max-tokens", Integer.toString(TRIAL_TOKENS));
    StoryRequest request = new StoryRequest("", DecodeSettings.of(settings), 1, false);
    PairVocabulary words = PairVocabulary.of(promptReader.codec().vocabulary(), List.of(), false);
    PromptReader.Reading prompt =
        new PromptReader.Reading(List.of(""), new int[] {Vocabulary.OOV}, words, null);
    PendingStory pending = new PendingStory(promptReader, prompt, request, false);
    return writer.submit(pending)
        && pending.poll(TRIAL_MILLIS) instanceof PendingStory.Event.Done done
        && Double.isFinite(done.stories().get(0).logProb());
  }

  /** Acquires this model; false if it is closed already. */
  synchronized boolean acquire() {
    if (holders == 0) {
      return false;
    }
    holders++;
    return true;
  }

  /** Releases this model; the last holder to do so closes it. */
  public void release() {
    synchronized (this) {
      if (--holders > 0) {
        return;
      }
    }
    writer.close();
    bundle.close();
  }

  /** The model's version, its name in the registry. */
  public String version() {
    return bundle.version();
  }

  /** Reads prompts, and turns ids into text. */
  public PromptReader promptReader() {
    return promptReader;
  }

  /** Writes stories. */
  public StoryWriter writer() {
    return writer;
  }

  /** Where the model comes from. */
  public Provenance provenance() {
    return bundle.provenance();
  }

  /** Whether the decoder attends to the prompt. */
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
        "kind", bundle.config().kind().toString(),
        "vocabulary", bundle.config().vocabulary(),
        "embedding", bundle.config().embedding(),
        "hidden", bundle.config().hidden(),
        "layers", bundle.config().layers(),
        "attention", bundle.config().attention().toString(),
        "copy", bundle.config().copy(),
        "tokenizer", bundle.text().tokenizer());
  }
}
