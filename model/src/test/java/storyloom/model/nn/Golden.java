package storyloom.model.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.provider.Arguments;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.learning.config.NoOp;
import storyloom.model.decode.Decoding;
import storyloom.model.decode.search.DecodedStory;
import storyloom.model.decode.search.RandomStream;
import storyloom.model.nn.config.AttentionKind;
import storyloom.model.nn.config.Optimisation;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.layer.Minibatch;

/** What the tests against PyTorch do with the numbers that its programs made. */
final class Golden {

  private Golden() {}

  /** A file beside this class. */
  static JsonNode read(String name) {
    try (InputStream file = Golden.class.getResourceAsStream(name)) {
      return new ObjectMapper().readTree(file);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static int[] ints(JsonNode numbers) {
    return IntStream.range(0, numbers.size()).map(i -> numbers.get(i).asInt()).toArray();
  }

  /** The numbers of a list, none where there is none. */
  static List<Integer> numbers(JsonNode numbers) {
    return IntStream.of(ints(numbers)).boxed().toList();
  }

  static List<int[]> sequences(JsonNode lists) {
    return StreamSupport.stream(lists.spliterator(), false).map(Golden::ints).toList();
  }

  static Minibatch minibatch(JsonNode golden) {
    return new Minibatch(sequences(golden.get("prompts")), sequences(golden.get("stories")));
  }

  /** The model of a case. */
  static Seq2SeqConfig config(JsonNode golden, JsonNode each) {
    return new Seq2SeqConfig(
        golden.get("vocabulary").asInt(),
        golden.get("embedding").asInt(),
        golden.get("hidden").asInt(),
        each.get("layers").asInt(),
        each.get("bidirectional").asBoolean(),
        AttentionKind.of(each.get("attention").asText()),
        each.path("tied").asBoolean(),
        List.of(),
        each.path("copy").asBoolean(),
        numbers(each.path("not_copied")),
        0,
        false,
        each.path("recurrent_dropout").asDouble(),
        each.path("embedding_dropout").asDouble(),
        null);
  }

  /** The models of all cases, both kinds of numbers, how near they must come, and the cases. */
  static List<Arguments> inBothTypes(JsonNode golden) {
    return StreamSupport.stream(golden.get("cases").spliterator(), false)
        .flatMap(
            each ->
                Stream.of(
                    Arguments.of(config(golden, each), DataType.DOUBLE, 1e-10, each),
                    Arguments.of(config(golden, each), DataType.FLOAT, 1e-5, each)))
        .toList();
  }

  /** A model with the weights of a case. */
  static Seq2SeqGraph model(
      Seq2SeqConfig config, double labelSmoothing, DataType type, JsonNode weights) {
    Optimisation optimisation = new Optimisation(0.001, 1e9, labelSmoothing, 1);
    Seq2SeqGraph model = Seq2SeqGraph.create(config, optimisation, new NoOp(), type);
    fill(model.weights(), weights);
    return model;
  }

  private static void fill(Map<String, INDArray> tensors, JsonNode weights) {
    tensors.forEach(
        (name, tensor) -> {
          JsonNode numbers = weights.get(name);
          for (int i = 0; i < numbers.size(); i++) {
            tensor.putScalar(i, numbers.get(i).asDouble());
          }
        });
  }

  /** Forward and backward; afterwards the loss must be that of the case, as must all gradients. */
  static void assertLearnsAs(
      JsonNode golden, Seq2SeqGraph model, Minibatch minibatch, DataType type, double tolerance) {
    MultiDataSet data = minibatch.toDataSet(type);
    model.graph().setInputs(data.getFeatures());
    model.graph().setLabels(data.getLabels());
    model.graph().computeGradientAndScore();

    assertThat(model.graph().score()).isCloseTo(golden.get("loss").asDouble(), within(tolerance));
    SortedMap<String, INDArray> gradients = model.gradients();
    assertThat(gradients.keySet()).isEqualTo(model.weights().keySet());
    gradients.forEach(
        (name, gradient) ->
            assertClose(name, gradient, golden.get("gradients").get(name), tolerance));
  }

  /** The greedy stories must be those of the case, and as likely. */
  static void assertWritesAs(
      JsonNode golden, Seq2SeqGraph model, List<int[]> prompts, int longest) {
    List<DecodedStory> stories =
        Decoding.stories(
            model,
            Decoding.by("strategy=greedy", "max-tokens=" + longest),
            prompts,
            prompts.stream().map(prompt -> RandomStream.of(1, "", "")).toList());

    assertThat(stories)
        .extracting(DecodedStory::tokens)
        .containsExactlyElementsOf(sequences(golden.get("greedy")));
    for (int i = 0; i < stories.size(); i++) {
      assertThat(stories.get(i).logProb())
          .isCloseTo(golden.get("log_probs").get(i).asDouble(), within(1e-4));
    }
  }

  static void assertClose(String name, INDArray actual, JsonNode expected, double tolerance) {
    assertThat(actual.length()).as(name).isEqualTo(expected.size());
    for (int i = 0; i < expected.size(); i++) {
      assertThat(actual.getDouble(i))
          .as("%s[%d]", name, i)
          .isCloseTo(expected.get(i).asDouble(), within(tolerance));
    }
  }
}
