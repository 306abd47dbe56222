package storyloom.model.decode.network;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.config.Seq2SeqTensors;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Kernel.Side;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.kernel.Parallel;
import storyloom.model.nn.layer.CopyOdds;
import storyloom.model.nn.layer.CopyWords;
import storyloom.model.nn.output.StepLogits;

/**
 * Lets the words of a row's prompt be written.
 *
 * <pre>
 *   z = [x ; features]·weight + bias
 *   p(w) = v·p_vocabulary(w) + (1 − σ(z))·share(w),  v = σ(z) + (1 − σ(z))·share of the marks
 * </pre>
 *
 * <p>In logits, where those of the vocabulary stay as they are, that is (1 − σ(z))/v·share(w)·Σ exp
 * more for each word of the prompt, and Σ exp is 1/v as large. Sums are in float whatever the
 * precision of the products. What a row gets depends on that row alone.
 *
 * @param weight [1,E+I]
 * @param bias of z
 * @param marks ids that are not copied
 */
record CopyGate(Matrix weight, double bias, List<Integer> marks) {

  /**
   * That of a model.
   *
   * @param tensors weights by the names of a bundle
   * @return empty where the model does not copy
   */
  static Optional<CopyGate> of(Seq2SeqConfig config, Map<String, INDArray> tensors) {
    if (!config.copy()) {
      return Optional.empty();
    }
    Matrix weight =
        Matrix.of(tensors.get(Seq2SeqTensors.name(Seq2SeqTensors.COPY, Seq2SeqTensors.WEIGHT)));
    Matrix bias =
        Matrix.of(tensors.get(Seq2SeqTensors.name(Seq2SeqTensors.COPY, Seq2SeqTensors.BIAS)));
    return Optional.of(
        new CopyGate(weight.shaped(1, weight.rows()), bias.get(0, 0), config.notCopied()));
  }

  /**
   * Mixes the prompts into the logits of the vocabulary.
   *
   * @param x [m,E], the embeddings of the tokens that were written last
   * @param features m rows each, side by side I wide
   * @param attention how much each row looks at each token of its prompt
   * @param prompts of each row, the words of its prompt
   * @param logits of the vocabulary
   * @param wide [m,V+S], whose first V columns are those logits
   * @param z [m,1], scratch
   */
  StepLogits mixed(
      Matrix x,
      Matrix[] features,
      Matrix attention,
      List<CopyWords> prompts,
      StepLogits logits,
      Matrix wide,
      Matrix z) {
    StepLogits mixed = logits.within(wide);
    Kernel kernel = Kernel.of(x).sequential();
    Parallel.over(
        x.rows(),
        1,
        (from, to) -> {
          for (int row = from; row < to; row++) {
            double gate = gate(kernel, row, z.rows(row, row + 1), x, features);
            CopyWords words = prompts.get(row);
            double[] shares = words.shares(attention, row);
            double logSum = logits.logSum(row);
            CopyOdds odds = CopyOdds.of(gate, words.ofMarks(attention, row));
            double raised = logSum + odds.ofPrompt() - odds.ofVocabulary();
            for (int k = 0; k < shares.length; k++) {
              if (shares[k] > 0) {
                mixed.raise(row, words.ids()[k], raised + Math.log(shares[k]));
              }
            }
            mixed.addToLogSum(row, -odds.ofVocabulary());
          }
        });
    return mixed;
  }

  /** Row by row: products of several rows may be added up in another order. */
  private double gate(Kernel kernel, int row, Matrix z, Matrix x, Matrix[] features) {
    int from = x.columns();
    kernel.multiply(
        x.rows(row, row + 1), Side.PLAIN, weight.columns(0, from), Side.TRANSPOSED, 0, z);
    for (Matrix part : features) {
      int to = from + part.columns();
      kernel.multiply(
          part.rows(row, row + 1), Side.PLAIN, weight.columns(from, to), Side.TRANSPOSED, 1, z);
      from = to;
    }
    return z.get(0, 0) + bias;
  }
}
