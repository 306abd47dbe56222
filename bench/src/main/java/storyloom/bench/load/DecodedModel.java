package storyloom.bench.load;

import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import storyloom.model.UserException;
import storyloom.model.bundle.Bundle;
import storyloom.model.bundle.Weights;
import storyloom.model.nn.InitialWeights;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.config.Seq2SeqTensors;
import storyloom.model.nn.config.Tensor;

/**
 * The weights that {@code bin/bench decode} writes stories with: a bundle's, or such as training
 * starts from.
 */
public record DecodedModel(Seq2SeqConfig config, Weights weights) implements AutoCloseable {

  private static final long SEED = 1;

  /**
   * @throws UserException of data if the bundle cannot be read
   */
  public static DecodedModel read(String directory) {
    Bundle bundle = Bundle.read(new Path(directory), new Configuration());
    return new DecodedModel(bundle.config(), bundle.weights());
  }

  /** Untrained weights; none of a training's other memory is taken. */
  public static DecodedModel untrained(Seq2SeqConfig config) {
    SortedMap<String, INDArray> tensors = new TreeMap<>();
    for (Tensor tensor : Seq2SeqTensors.of(config).values()) {
      tensors.put(tensor.name(), Nd4j.create(DataType.FLOAT, tensor.shape(), 'c'));
    }
    InitialWeights.fill(tensors, config, SEED);
    return new DecodedModel(config, Weights.of(tensors));
  }

  @Override
  public void close() {
    weights.close();
  }
}
