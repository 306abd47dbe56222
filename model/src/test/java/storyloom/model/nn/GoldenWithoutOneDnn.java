package storyloom.model.nn;

import com.fasterxml.jackson.databind.JsonNode;
import org.bytedeco.dnnl.global.dnnl;
import org.junit.jupiter.params.provider.Arguments;
import org.nd4j.linalg.api.buffer.DataType;
import storyloom.model.nn.config.Seq2SeqConfig;

/** Compares all golden values with float32 products, in a JVM that has no oneDNN. */
final class GoldenWithoutOneDnn {

  private GoldenWithoutOneDnn() {}

  public static void main(String[] none) {
    requireNoOneDnn();
    GoldenTest golden = new GoldenTest();
    int cases = 0;
    for (Arguments arguments : GoldenTest.casesAndTypes()) {
      Object[] of = arguments.get();
      if (of[1] == DataType.FLOAT) {
        Seq2SeqConfig config = (Seq2SeqConfig) of[0];
        JsonNode values = (JsonNode) of[3];
        golden.probabilitiesAgreeWithPyTorch(config, DataType.FLOAT, (double) of[2], values);
        golden.lossAndGradientsAgreeWithPyTorch(config, DataType.FLOAT, (double) of[2], values);
        cases++;
      }
    }
    System.out.println(cases);
  }

  private static void requireNoOneDnn() {
    try {
      throw new IllegalStateException("there is oneDNN " + dnnl.dnnl_version());
    } catch (LinkageError expected) {
      return;
    }
  }
}
