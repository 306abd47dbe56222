package storyloom.model.nn;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.layer.Packing;

/**
 * Probabilities, loss and every gradient of tiny fixed models agree with PyTorch's, option by
 * option; golden.py made the numbers.
 */
class GoldenTest {

  private static final JsonNode GOLDEN = Golden.read("golden.json");

  static List<Arguments> casesAndTypes() {
    return Golden.inBothTypes(GOLDEN);
  }

  @ParameterizedTest(name = "{1} {0}")
  @MethodSource("casesAndTypes")
  void lossAndGradientsAgreeWithPyTorch(
      Seq2SeqConfig config, DataType type, double tolerance, JsonNode golden) {
    try (Seq2SeqGraph model = Golden.model(config, 0, type, golden.get("weights"))) {
      Golden.assertLearnsAs(golden, model, Golden.minibatch(GOLDEN), type, tolerance);
    }
  }

  @ParameterizedTest(name = "{1} {0}")
  @MethodSource("casesAndTypes")
  void probabilitiesAgreeWithPyTorch(
      Seq2SeqConfig config, DataType type, double tolerance, JsonNode golden) {
    try (Seq2SeqGraph model = Golden.model(config, 0, type, golden.get("weights"))) {
      MultiDataSet data = Golden.minibatch(GOLDEN).toDataSet(type);
      INDArray packed = model.graph().outputSingle(data.getFeatures());
      INDArray byRow = packed.dup('c');
      Matrix stories = Matrix.of(byRow);
      Kernel.of(stories)
          .gatherRows(Matrix.of(packed), Packing.of(data.getFeatures(1)).byRow(), stories);

      Golden.assertClose("probabilities", byRow, golden.get("probabilities"), tolerance);
    }
  }
}
