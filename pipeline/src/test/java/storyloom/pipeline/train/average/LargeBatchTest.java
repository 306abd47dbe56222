package storyloom.pipeline.train.average;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import storyloom.model.nn.Seq2SeqGraph;
import storyloom.model.nn.config.Optimisation;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.kernel.FlatFloats;
import storyloom.model.nn.layer.Minibatch;
import storyloom.pipeline.batch.EncodedPair;
import storyloom.pipeline.train.SmallTraining;

/** Averaging after each minibatch is one minibatch as large as all workers' together. */
class LargeBatchTest {

  private static final Seq2SeqConfig MODEL = new Seq2SeqConfig(40, 8, 16, 0);
  private static final int BATCH = 7;
  private static final double RATE = 0.5;

  private static Minibatch minibatch(List<EncodedPair> pairs) {
    return new Minibatch(
        pairs.stream().map(EncodedPair::prompt).toList(),
        pairs.stream().map(EncodedPair::story).toList());
  }

  private static Seq2SeqGraph graph() {
    return Seq2SeqGraph.create(MODEL, new Optimisation(RATE, 1, 1));
  }

  /** Changes the parameters by the gradient alone, and gives the number of tokens. */
  private static long descend(Seq2SeqGraph graph, List<EncodedPair> pairs) {
    long tokens = graph.gradient(minibatch(pairs)).tokens();
    INDArray parameters = graph.graph().params();
    INDArray gradient = graph.graph().getFlattenedGradients();
    parameters.subi(gradient.mul(RATE).reshape(parameters.shape()));
    return tokens;
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void workersWithPlainGradientDescentEqualOneLargeBatch(int workers) {
    List<EncodedPair> pairs = SmallTraining.pairs(3 * workers * BATCH);
    try (Seq2SeqGraph averaged = graph();
        Seq2SeqGraph whole = graph()) {
      float[] start = whole.graph().params().data().asFloat();
      for (int round = 0; round < 3; round++) {
        int first = round * workers * BATCH;
        descend(whole, pairs.subList(first, first + workers * BATCH));
        INDArray parameters = averaged.graph().params();
        byte[] before = read(parameters);
        MeanTree<ByteBuffer> tree = new MeanTree<>(MeanTree.NONE, LargeBatchTest::mean);
        for (int worker = 0; worker < workers; worker++) {
          FlatFloats.write(before, parameters, 0);
          int from = first + worker * BATCH;
          long tokens = descend(averaged, pairs.subList(from, from + BATCH));
          tree.add(new MeanTree.Node<>(worker, tokens, ByteBuffer.wrap(read(parameters))));
          tree.join(worker + 1 < workers ? worker + 1 : MeanTree.NONE);
        }
        FlatFloats.write(tree.nodes().get(0).value().array(), parameters, 0);
      }

      float[] expected = whole.graph().params().data().asFloat();
      assertThat(averaged.graph().params().data().asFloat())
          .containsExactly(expected, within(1e-5f));
      assertThat(largestDifference(start, expected)).isGreaterThan(0.01f);
    }
  }

  private static ByteBuffer mean(MeanTree.Node<ByteBuffer> left, MeanTree.Node<ByteBuffer> right) {
    FlatFloats.mean(left.value(), left.tokens(), right.value(), right.tokens(), left.value());
    return left.value();
  }

  private static byte[] read(INDArray parameters) {
    return FlatFloats.read(parameters, 0, (int) parameters.length());
  }

  private static float largestDifference(float[] one, float[] other) {
    float largest = 0;
    for (int i = 0; i < one.length; i++) {
      largest = Math.max(largest, Math.abs(one[i] - other[i]));
    }
    return largest;
  }
}
