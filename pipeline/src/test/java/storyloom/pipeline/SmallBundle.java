package storyloom.pipeline;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import storyloom.model.bundle.BundleWriter;
import storyloom.model.bundle.Provenance;
import storyloom.model.nn.AttentionKind;
import storyloom.model.nn.Optimisation;
import storyloom.model.nn.Seq2SeqConfig;
import storyloom.model.nn.Seq2SeqGraph;
import storyloom.model.text.TextCleaner;
import storyloom.model.text.TextSettings;
import storyloom.model.text.TokenCount;
import storyloom.model.text.Vocabulary;

/** A model that has learned nothing: a dozen words, weights as they are drawn. */
public final class SmallBundle {

  private static final List<String> WORDS =
      List.of("a", "fox", "hen", "and", "the", "moon", "sang", "ran", "home", ".", "<newline>");

  private SmallBundle() {}

  /** Writes the bundle; gives its version. */
  public static String write(Path models) {
    return write(models, AttentionKind.DOT);
  }

  /** Writes the bundle of a model with some kind of attention; gives its version. */
  public static String write(Path models, AttentionKind attention) {
    Vocabulary vocabulary =
        Vocabulary.build(WORDS.stream().map(word -> new TokenCount(word, 9)).toList(), 1, 100);
    Seq2SeqConfig config =
        new Seq2SeqConfig(
            vocabulary.size(), 8, 12, 1, false, attention, false, List.of(), 0, false);
    Provenance provenance =
        new Provenance(
            "corpus",
            vocabulary.sha256(),
            3,
            1,
            new TreeMap<>(),
            "unknown",
            Instant.EPOCH,
            null,
            new TreeMap<>(),
            new TreeMap<>());
    try (Seq2SeqGraph graph = Seq2SeqGraph.create(config, new Optimisation(0.001, 5, 3))) {
      return BundleWriter.write(
          new org.apache.hadoop.fs.Path(models.toString()),
          new Configuration(),
          config,
          new TextSettings(TextCleaner.ruleNames(), "words", true, 8, 10),
          vocabulary,
          graph.weights(),
          provenance);
    }
  }
}
