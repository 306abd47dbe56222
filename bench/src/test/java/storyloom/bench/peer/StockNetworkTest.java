package storyloom.bench.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.layer.Minibatch;
import storyloom.model.nn.loss.LossTally;

class StockNetworkTest {

  private static final Minibatch MINIBATCH =
      new Minibatch(
          List.of(new int[] {4, 5, 6}, new int[] {7}, new int[] {8, 1}),
          List.of(new int[] {6, 5}, new int[] {9, 9, 4, 7}, new int[] {8}));

  @Test
  void itLearnsWithinTwentyUpdates() {
    try (StockNetwork network = new StockNetwork(new Seq2SeqConfig(12, 8, 8, 0), 0.05, 5, 1)) {
      LossTally before = network.score(MINIBATCH);

      LossTally first = network.fit(MINIBATCH);
      for (int update = 1; update < 20; update++) {
        network.fit(MINIBATCH);
      }

      assertThat(first.tokens()).isEqualTo(10);
      assertThat(first.loss()).isCloseTo(before.loss(), within(1e-5)).isBetween(2.0, 3.5);
      assertThat(network.score(MINIBATCH).loss()).isLessThan(0.5 * first.loss());
    }
  }

  @Test
  void paddingCountsForNothing() {
    Minibatch alone = new Minibatch(List.of(new int[] {4, 5, 6}), List.of(new int[] {6, 5}));
    Minibatch padded =
        new Minibatch(
            List.of(new int[] {4, 5, 6}, new int[] {4, 5, 6, 7, 8}),
            List.of(new int[] {6, 5}, new int[] {9, 9, 4, 7}));
    Minibatch other =
        new Minibatch(List.of(new int[] {4, 5, 6, 7, 8}), List.of(new int[] {9, 9, 4, 7}));
    try (StockNetwork network = new StockNetwork(new Seq2SeqConfig(12, 8, 8, 0), 0.05, 5, 1)) {
      double separately = network.score(alone).nll() + network.score(other).nll();

      assertThat(network.score(padded).nll()).isCloseTo(separately, within(1e-4));
    }
  }
}
