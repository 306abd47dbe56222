package storyloom.pipeline.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import storyloom.model.nn.Minibatch;

class EpochPlanTest {

  private static PairShard shard(int pairs) {
    PairShard.Builder builder = new PairShard.Builder();
    for (int i = 0; i < pairs; i++) {
      int[] story = IntStream.range(0, 1 + i * 37 % 23).map(t -> 5).toArray();
      builder.add(new EncodedPair(new int[] {i + 1}, story));
    }
    return builder.build();
  }

  private static List<Integer> pairsInOrder(EpochPlan plan) {
    List<Integer> pairs = new ArrayList<>();
    for (int number = 0; number < plan.size(); number++) {
      plan.minibatch(number).prompts().forEach(prompt -> pairs.add(prompt[0]));
    }
    return pairs;
  }

  @Test
  void everyPairStandsInExactlyOneMinibatch() {
    EpochPlan plan = EpochPlan.of(shard(1003), 8, 1, 0, 0);

    assertThat(plan.size()).isEqualTo(EpochPlan.minibatches(1003, 8)).isEqualTo(126);
    assertThat(pairsInOrder(plan))
        .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, 1003).boxed().toList());
  }

  @Test
  void theOrderDependsOnSeedEpochAndWorkerAlone() {
    PairShard shard = shard(200);
    List<Integer> order = pairsInOrder(EpochPlan.of(shard, 8, 1, 0, 0));

    assertThat(pairsInOrder(EpochPlan.of(shard, 8, 1, 0, 0))).isEqualTo(order);
    assertThat(pairsInOrder(EpochPlan.of(shard, 8, 2, 0, 0))).isNotEqualTo(order);
    assertThat(pairsInOrder(EpochPlan.of(shard, 8, 1, 1, 0))).isNotEqualTo(order);
    assertThat(pairsInOrder(EpochPlan.of(shard, 8, 1, 0, 1))).isNotEqualTo(order);
  }

  @Test
  void storiesOfAMinibatchAreOfLikeLength() {
    EpochPlan plan = EpochPlan.of(shard(3200), 64, 1, 0, 0);
    long padded = 0;
    long real = 0;
    for (int number = 0; number < plan.size(); number++) {
      Minibatch minibatch = plan.minibatch(number);
      int longest =
          minibatch.stories().stream().mapToInt(story -> story.length).max().orElseThrow();
      padded += (longest + 1L) * minibatch.rows();
      real += minibatch.tokens();
    }

    assertThat((double) (padded - real) / padded).isLessThan(0.1);
  }

  @Test
  void scoringVisitsEveryPairOnce() {
    assertThat(pairsInOrder(EpochPlan.inOrderOfLength(shard(50), 8)))
        .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, 50).boxed().toList());
  }
}
