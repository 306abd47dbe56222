package storyloom.jobs.run;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.apache.hadoop.conf.Configuration;
import storyloom.jobs.cli.Console;
import storyloom.model.bundle.Bundle;
import storyloom.model.bundle.Weights;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.registry.Registry;
import storyloom.model.settings.Settings;
import storyloom.model.text.token.TextSettings;
import storyloom.model.text.token.Vocabulary;

/** The model that a training starts from, if it starts from one. */
public final class ParentModel implements AutoCloseable {

  private static final int SHOWN = 5;

  private final Optional<Bundle> bundle;

  private ParentModel(Optional<Bundle> bundle) {
    this.bundle = bundle;
  }

  /**
   * What the settings say a new training starts from: says so, and if the current model does not
   * fit, why.
   *
   * @throws storyloom.model.UserException of data if the current model is damaged
   */
  public static ParentModel of(Settings settings, Registry registry, Configuration configuration) {
    if (settings.text("train.start").equals("scratch")) {
      return new ParentModel(Optional.empty());
    }
    Optional<String> current = registry.current();
    if (current.isEmpty()) {
      Console.say("no model is the current one: training starts from scratch");
      return new ParentModel(Optional.empty());
    }
    ParentModel parent = named(current.get(), registry, configuration);
    Optional<String> misfit = parent.misfit(settings);
    if (misfit.isPresent()) {
      Console.warn(
          "training starts from scratch, because the current model %s has %s"
              .formatted(current.get(), misfit.get()));
      parent.close();
      return new ParentModel(Optional.empty());
    }
    Console.say("training starts from the current model %s", current.get());
    parent.bundle.ifPresent(model -> RulesNotice.warn(model.version(), model.text()));
    return parent;
  }

  /** The model that a run started from; none if it is gone. */
  public static ParentModel ofRun(String version, Registry registry, Configuration configuration) {
    return version != null && registry.versions().contains(version)
        ? named(version, registry, configuration)
        : new ParentModel(Optional.empty());
  }

  private static ParentModel named(String version, Registry registry, Configuration configuration) {
    return new ParentModel(Optional.of(Bundle.read(registry.modelDir(version), configuration)));
  }

  private Optional<String> misfit(Settings settings) {
    Bundle model = bundle.orElseThrow();
    TextSettings wanted = settings.textSettings();
    if (!wanted.tokenizer().equals(model.text().tokenizer())
        || wanted.lowercase() != model.text().lowercase()) {
      return Optional.of("another text.tokenizer or text.lowercase than the settings");
    }
    int vocabulary = model.config().vocabulary();
    if (vocabulary > settings.integer("text.vocabulary")) {
      return Optional.of("more tokens than text.vocabulary");
    }
    return Seq2SeqConfig.of(settings, vocabulary).hasShapeOf(model.config())
        ? Optional.empty()
        : Optional.of("other shapes than the settings below model.");
  }

  /** Its version; null if training starts from scratch. */
  public String version() {
    return bundle.map(Bundle::version).orElse(null);
  }

  /** Its weights. */
  public Optional<Weights> weights() {
    return bundle.map(Bundle::weights);
  }

  /** SHA-256 of its vocabulary; empty if training starts from scratch. */
  public String vocabularyHash() {
    return bundle.map(model -> model.vocabulary().sha256()).orElse("");
  }

  /**
   * Its vocabulary with what another one has besides.
   *
   * @param counted of the corpus
   * @param limit greatest size
   */
  public Vocabulary grown(Vocabulary counted, int limit) {
    return bundle.map(model -> model.vocabulary().grownBy(counted, limit)).orElse(counted);
  }

  /** Says which files of a corpus it was not trained on. */
  public void reportNewFiles(SortedMap<String, String> files) {
    if (bundle.isEmpty()) {
      return;
    }
    List<String> fresh = newFiles(files, bundle.get().provenance().corpusFiles());
    String names = String.join(", ", fresh.subList(0, Math.min(SHOWN, fresh.size())));
    Console.say(
        fresh.isEmpty()
            ? "no file of the corpus is new since %s was trained".formatted(version())
            : "%d files of the corpus are new or changed since %s was trained: %s%s"
                .formatted(fresh.size(), version(), names, fresh.size() > SHOWN ? ", …" : ""));
  }

  /** The files that others do not have with the same content. */
  static List<String> newFiles(SortedMap<String, String> files, SortedMap<String, String> before) {
    return files.entrySet().stream()
        .filter(file -> !file.getValue().equals(before.get(file.getKey())))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Frees the model. */
  @Override
  public void close() {
    bundle.ifPresent(Bundle::close);
  }
}
