package storyloom.model.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import storyloom.model.UserException;
import storyloom.model.nn.config.LearningRate;
import storyloom.model.nn.config.LearningRate.Schedule;
import storyloom.model.nn.config.Optimisation;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.layer.Minibatch;

/** Steps agree with torch.optim.Adam's; optimiser.py made the numbers. */
class AdamUpdaterTest {

  private static final Seq2SeqConfig CONFIG = new Seq2SeqConfig(30, 16, 24, 0);

  private static JsonNode golden;

  @BeforeAll
  static void read() throws IOException {
    try (InputStream file = AdamUpdaterTest.class.getResourceAsStream("optimiser.json")) {
      golden = new ObjectMapper().readTree(file);
    }
  }

  private static INDArray array(JsonNode numbers, DataType type) {
    double[] values = new double[numbers.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = numbers.get(i).asDouble();
    }
    return Nd4j.createFromArray(values).castTo(type);
  }

  private static void assertClose(INDArray actual, JsonNode expected, double tolerance) {
    assertThat(actual.length()).isEqualTo(expected.size());
    for (int i = 0; i < expected.size(); i++) {
      double wanted = expected.get(i).asDouble();
      assertThat(actual.getDouble(i))
          .as("[%d]", i)
          .isCloseTo(wanted, within(tolerance * Math.abs(wanted)));
    }
  }

  @ParameterizedTest
  @CsvSource({"DOUBLE, double, 1e-10", "FLOAT, float, 1e-6"})
  void stepsAgreeWithPyTorch(DataType type, String name, double tolerance) {
    INDArray parameters = array(golden.get("start"), type);
    INDArray state = Nd4j.createUninitialized(type, 2 * parameters.length());
    AdamUpdater.Spec spec =
        new AdamUpdater.Spec(LearningRate.constant(golden.get("rate").asDouble()));
    AdamUpdater adam = spec.instantiate(state, true);

    for (int step = 0; step < golden.get("gradients").size(); step++) {
      INDArray update = array(golden.get("gradients").get(step), type);
      adam.applyUpdater(update, step, 0);
      parameters.subi(update);

      assertClose(parameters, golden.get(name).get("after").get(step), tolerance);
    }
    assertClose(adam.getState().get("M"), golden.get(name).get("m"), tolerance);
    assertClose(adam.getState().get("V"), golden.get(name).get("v"), tolerance);
  }

  @Test
  void itsStateIsAllOfMThenAllOfV() {
    INDArray state = Nd4j.createUninitialized(DataType.FLOAT, 6);
    AdamUpdater adam = new AdamUpdater.Spec(LearningRate.constant(1)).instantiate(state, true);

    adam.applyUpdater(Nd4j.createFromArray(1f, 2f, 3f), 0, 0);

    assertThat(state.toFloatVector())
        .usingComparatorWithPrecision(1e-7f)
        .containsExactly(0.1f, 0.2f, 0.3f, 0.001f, 0.004f, 0.009f);
  }

  @Test
  void halvingsHalveTheUpdate() {
    INDArray plain = Nd4j.createFromArray(1f, -2f, 3f);
    INDArray halved = plain.dup();
    AdamUpdater.Spec spec = new AdamUpdater.Spec(new LearningRate(Schedule.PLATEAU, 0.1, 0, 0.01));
    spec.instantiate(Nd4j.zeros(DataType.FLOAT, 6), true).applyUpdater(plain, 0, 0);
    AdamUpdater adam = spec.instantiate(Nd4j.zeros(DataType.FLOAT, 6), true);

    adam.setHalvings(2);
    adam.applyUpdater(halved, 0, 0);

    assertThat(halved.mul(4)).isEqualTo(plain);
  }

  @Test
  void warmUpAndHalvingsReachAGraphsUpdates() {
    Optimisation optimisation =
        new Optimisation(new LearningRate(Schedule.PLATEAU, 0.01, 8, 0.01), 5, 0, 1);
    Minibatch minibatch = Batches.of(5, 30, new int[] {4, 2}, new int[] {5, 9});
    try (Seq2SeqGraph constant = Seq2SeqGraph.create(CONFIG, new Optimisation(0.01, 5, 1));
        Seq2SeqGraph warming = Seq2SeqGraph.create(CONFIG, optimisation)) {
      INDArray start = constant.graph().params().dup();
      warming.setHalvings(1);

      constant.fit(minibatch);
      warming.fit(minibatch);

      INDArray step = constant.graph().params().sub(start);
      assertThat(warming.graph().params().sub(start).mul(16).equalsWithEps(step, 1e-5)).isTrue();
    }
  }

  @Test
  void itSurvivesCloningAndJavaSerialisation() throws Exception {
    LearningRate rate = new LearningRate(Schedule.INVERSE_SQRT, 0.02, 40, 0.05);
    AdamUpdater.Spec spec = new AdamUpdater.Spec(rate);
    try (Seq2SeqGraph model = Seq2SeqGraph.create(CONFIG, new Optimisation(rate, 5, 0, 1))) {
      ComputationGraph restored = new ComputationGraph(model.graph().getConfiguration().clone());
      restored.init();

      assertThat(restored.getUpdater().getUpdaterBlocks()).hasSize(1);
      assertThat(restored.getUpdater().getUpdaterBlocks().get(0).getGradientUpdater().getConfig())
          .isEqualTo(spec);
      restored.close();
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(spec);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(in.readObject()).isEqualTo(spec).hasSameHashCodeAs(spec);
    }
  }

  @Test
  void moreParametersThanDl4jCanCountAreRefusedBeforeAnythingIsAllocated() {
    Seq2SeqConfig huge = new Seq2SeqConfig(10_000_000, 256, 256, 0);

    assertThatThrownBy(() -> Seq2SeqGraph.create(huge, new Optimisation(0.01, 5, 1)))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("the model would have 10251050624 parameters")
        .hasMessageEndingWith("set model.embedding, model.hidden or text.vocabulary lower");
  }

  @Test
  void itsRateIsThatOfTheNextUpdate() {
    AdamUpdater.Spec spec = new AdamUpdater.Spec(new LearningRate(Schedule.CONSTANT, 0.1, 4, 0));

    assertThat(List.of(0, 1, 3, 9))
        .extracting(iteration -> spec.getLearningRate(iteration, 0))
        .containsExactly(0.025, 0.05, 0.1, 0.1);
  }
}
