package storyloom.model.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import storyloom.model.eval.BundleScorer;
import storyloom.model.eval.ReferencePair;
import storyloom.model.nn.OutputOptions;
import storyloom.model.nn.Seq2SeqGraph;
import storyloom.model.nn.TransformerOptions;
import storyloom.model.nn.config.Optimisation;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.config.Seq2SeqTensors;
import storyloom.model.nn.config.Tensor;
import storyloom.model.nn.layer.Minibatch;
import storyloom.model.text.token.Vocabulary;

/** Models of each kind of output, and Transformers, as bundles. */
class OutputBundleTest {

  private static final int SIZE = 24;

  @TempDir private Path models;

  static List<Arguments> options() {
    List<Arguments> all = new ArrayList<>();
    OutputOptions.of(SIZE, 3, 8).forEach((name, config) -> all.add(Arguments.of(name, config)));
    TransformerOptions.of(SIZE, 8, 0.1)
        .forEach((name, config) -> all.add(Arguments.of(name, config)));
    return all;
  }

  private Bundle written(Seq2SeqConfig config, SortedMap<String, INDArray> weights) {
    Map<String, Long> counts =
        IntStream.range(4, SIZE)
            .boxed()
            .collect(Collectors.toMap(id -> "word" + id, id -> 100L - id));
    String version =
        Bundle.write(
            new org.apache.hadoop.fs.Path(models.toUri()),
            new Configuration(),
            config,
            SmallModel.TEXT,
            Vocabulary.build(counts, 1, SIZE),
            weights,
            SmallModel.PROVENANCE);
    return SmallModel.read(models.resolve(version));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("options")
  void aModelSurvivesItsBundleAndIsScoredAsBefore(String name, Seq2SeqConfig config) {
    int[] prompt = {4, 20, 1};
    int[] story = {7, 23, 9, 15};
    try (Seq2SeqGraph model = Seq2SeqGraph.create(config, new Optimisation(0.01, 5, 1));
        Bundle bundle = written(config, model.weights());
        BundleScorer scorer = new BundleScorer(bundle)) {
      assertThat(bundle.config()).isEqualTo(config);
      assertThat(bundle.weights().tensors()).isEqualTo(model.weights());
      assertThat(scorer.score(List.of(new ReferencePair(prompt, story, 5, List.of())), 8))
          .isEqualTo(model.score(new Minibatch(List.of(prompt), List.of(story))));
    }
  }

  @Test
  void tensorsBearTheNamesAndShapesOfTheFormat() {
    assertThat(output(OutputOptions.of(SIZE, 3, 8).get("tied")))
        .containsOnlyKeys("output.projection", "output.bias")
        .containsEntry("output.projection", List.of(16L, 3L));
    assertThat(output(OutputOptions.of(SIZE, 3, 8).get("adaptive, two tails")))
        .isEqualTo(
            Map.of(
                "output.head.weight", List.of(16L, 10L),
                "output.tail.0.projection", List.of(16L, 4L),
                "output.tail.0.weight", List.of(4L, 10L),
                "output.tail.1.projection", List.of(16L, 1L),
                "output.tail.1.weight", List.of(1L, 6L)));
  }

  private static Map<String, List<Long>> output(Seq2SeqConfig config) {
    return Seq2SeqTensors.of(config).values().stream()
        .filter(tensor -> tensor.name().startsWith("output."))
        .collect(
            Collectors.toMap(
                Tensor::name, tensor -> Arrays.stream(tensor.shape()).boxed().toList()));
  }

  @Test
  void tiedEmbeddingsThatDifferAreRefused() {
    Seq2SeqConfig config = OutputOptions.of(SIZE, 3, 8).get("tied");
    try (Seq2SeqGraph model = Seq2SeqGraph.create(config, new Optimisation(0.01, 5, 1))) {
      SortedMap<String, INDArray> weights = new TreeMap<>(model.weights());
      INDArray other = weights.get("prompt_embedding.weight").dup('c');
      other.putScalar(5, other.getFloat(5) + 1e-6f);
      weights.put("story_embedding.weight", other);

      assertThat(Weights.difference(weights, config))
          .contains(
              "prompt_embedding.weight and story_embedding.weight differ where the model has them"
                  + " tied");
      assertThatThrownBy(() -> written(config, weights))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
