package storyloom.pipeline.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import storyloom.model.UserException;
import storyloom.model.nn.layer.Minibatch;
import storyloom.model.nn.layer.StoryWindow;

class EpochPlanTest {

  /** Prompts of 4 to 25 tokens and, whatever the prompt, stories of 5 to 199. */
  private static PairShard shard(int pairs) {
    Random random = new Random(3);
    PairShard.Builder builder = new PairShard.Builder();
    for (int i = 0; i < pairs; i++) {
      int[] prompt = new int[4 + random.nextInt(22)];
      prompt[0] = i + 1;
      builder.add(new EncodedPair(prompt, new int[5 + random.nextInt(195)]));
    }
    return builder.build();
  }

  private static List<Minibatch> minibatches(EpochPlan plan) {
    return IntStream.range(0, plan.size()).mapToObj(plan::minibatch).toList();
  }

  private static List<Integer> pairs(Minibatch minibatch) {
    return minibatch.prompts().stream().map(prompt -> prompt[0]).toList();
  }

  private static List<Integer> pairsInOrder(EpochPlan plan) {
    return minibatches(plan).stream().flatMap(each -> pairs(each).stream()).toList();
  }

  private static List<Integer> all(int pairs) {
    return IntStream.rangeClosed(1, pairs).boxed().toList();
  }

  @ParameterizedTest
  @CsvSource({"1003, 8, 0", "1003, 64, 0", "7, 8, 0", "1003, 64, 900", "1003, 64, 4000", "1, 1, 9"})
  void everyPairStandsInExactlyOneMinibatch(int pairs, int batch, int tokens) {
    BatchSize size = new BatchSize(batch, tokens);
    PairShard shard = shard(pairs);

    for (int epoch = 0; epoch < 3; epoch++) {
      EpochPlan plan = EpochPlan.of(shard, size, 1, epoch, 0);

      assertThat(pairsInOrder(plan)).containsExactlyInAnyOrderElementsOf(all(pairs));
      assertThat(plan.size()).isEqualTo(size.minibatches(shard));
    }
  }

  @ParameterizedTest
  @CsvSource({"1003, 64, 1", "1003, 64, 3", "1003, 64, 8", "1003, 64, 64", "640, 64, 8", "8, 8, 8"})
  void workersTakeOneMinibatchTogetherAStep(int pairs, int batch, int workers) {
    BatchSize size = BatchSize.ofPairs(batch).sharedBy(workers);
    int[] rows = new int[(pairs + batch - 1) / batch];
    for (int worker = 0; worker < workers; worker++) {
      PairShard shard = shard(pairs / workers + (worker < pairs % workers ? 1 : 0));
      EpochPlan plan = EpochPlan.of(shard, size, 1, 0, worker);

      assertThat(pairsInOrder(plan)).containsExactlyInAnyOrderElementsOf(all(shard.size()));
      assertThat(plan.size()).isEqualTo(size.minibatches(shard)).isLessThanOrEqualTo(rows.length);
      for (int step = 0; step < plan.size(); step++) {
        rows[step] += plan.minibatch(step).rows();
        assertThat(plan.minibatch(step).rows())
            .isLessThanOrEqualTo((batch + workers - 1) / workers);
      }
    }
    assertThat(Arrays.stream(rows).sum()).isEqualTo(pairs);
  }

  @Test
  void workersShareABudgetOfTokensToo() {
    PairShard shard = shard(1250);
    int alone = EpochPlan.of(shard(5000), BatchSize.ofTokens(6400), 1, 0, 0).size();

    BatchSize shared = BatchSize.ofTokens(6400).sharedBy(4);

    assertThat(EpochPlan.of(shard, shared, 1, 0, 0).size()).isBetween(alone - 4, alone + 4);
  }

  @ParameterizedTest
  @CsvSource({"7, 0, train.batch=7", "64, 7, train.batch-tokens=7"})
  void aMinibatchThatDoesNotGoRoundIsRefused(int batch, int tokens, String named) {
    BatchSize size = new BatchSize(batch, tokens);

    assertThatThrownBy(() -> size.sharedBy(8))
        .isInstanceOf(UserException.class)
        .hasMessageContainingAll(named, "8 workers", "train.workers lower");
  }

  @Test
  void byPairsAllMinibatchesButTheLastAreFull() {
    EpochPlan plan = EpochPlan.of(shard(1003), BatchSize.ofPairs(8), 1, 0, 0);

    assertThat(minibatches(plan))
        .hasSize(126)
        .extracting(Minibatch::rows)
        .satisfiesOnlyOnce(rows -> assertThat(rows).isEqualTo(3))
        .allMatch(rows -> rows == 8 || rows == 3);
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 2000, 6400})
  void byTokensMinibatchesHaveAsManyTokensHoweverLongTheirStories(int tokens) {
    EpochPlan plan = EpochPlan.of(shard(5000), BatchSize.ofTokens(tokens), 1, 0, 0);
    List<Minibatch> minibatches = minibatches(plan);

    assertThat(minibatches).allMatch(each -> Math.abs(each.tokens() - tokens) <= 200 + tokens / 20);
    assertThat(minibatches.stream().mapToLong(Minibatch::tokens).average().orElseThrow())
        .isBetween(0.98 * tokens, 1.0 * tokens);
    assertThat(minibatches.stream().mapToInt(Minibatch::rows).max().orElseThrow())
        .isGreaterThan(5 * minibatches.stream().mapToInt(Minibatch::rows).min().orElseThrow());
  }

  @Test
  void aBudgetBelowTheLongestStoryStillGivesEachMinibatchAPair() {
    PairShard shard = shard(50);

    EpochPlan plan = EpochPlan.of(shard, BatchSize.ofTokens(1), 1, 0, 0);

    assertThat(plan.size()).isEqualTo(BatchSize.ofTokens(1).minibatches(shard)).isGreaterThan(20);
    assertThat(pairsInOrder(plan)).containsExactlyInAnyOrderElementsOf(all(50));
  }

  @Test
  void aLongStoryWeighsWhatAnUpdateLearnsFromOfIt() {
    BatchSize size = BatchSize.ofTokens(640).inWindows(31);
    EpochPlan plan = EpochPlan.of(shard(1000), size, 1, 0, 0);

    assertThat(plan.size()).isEqualTo(size.minibatches(shard(1000)));
    long learned = 0;
    for (int number = 0; number < plan.size(); number++) {
      List<StoryWindow> windows = plan.windows(number);
      assertThat(windows.get(0).packing().tokens()).isLessThanOrEqualTo(640 + 32);
      learned += windows.stream().mapToLong(window -> window.packing().tokens()).sum();
    }
    assertThat(learned).isEqualTo(minibatches(plan).stream().mapToLong(Minibatch::tokens).sum());
  }

  @Test
  void anEmptyShardHasNoMinibatches() {
    assertThat(EpochPlan.of(shard(0), BatchSize.ofPairs(8), 1, 0, 0).size()).isZero();
    assertThat(EpochPlan.of(shard(0), BatchSize.ofTokens(100), 1, 0, 0).size()).isZero();
    assertThat(EpochPlan.inOrderOfLength(shard(0), BatchSize.ofTokens(100)).size()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2000})
  void theOrderDependsOnSeedEpochAndWorkerAlone(int tokens) {
    BatchSize size = new BatchSize(8, tokens);
    PairShard shard = shard(200);
    List<Integer> order = pairsInOrder(EpochPlan.of(shard, size, 1, 0, 0));

    assertThat(pairsInOrder(EpochPlan.of(shard, size, 2, 0, 0))).isNotEqualTo(order);
    assertThat(pairsInOrder(EpochPlan.of(shard, size, 1, 1, 0))).isNotEqualTo(order);
    assertThat(pairsInOrder(EpochPlan.of(shard, size, 1, 0, 1))).isNotEqualTo(order);
    assertThat(pairsInOrder(EpochPlan.of(shard, size, 1, 0, 0))).isEqualTo(order);
    assertThat(pairsInOrder(EpochPlan.of(shard(200), size, 1, 0, 0))).isEqualTo(order);
  }

  @ParameterizedTest
  @CsvSource({"20000, 0", "20000, 6400", "10000, 0", "10000, 6400"})
  void lessThanATenthOfTheTokensIsPadding(int pairs, int tokens) {
    EpochPlan plan = EpochPlan.of(shard(pairs), new BatchSize(64, tokens), 1, 0, 0);
    long real = 0;
    long padded = 0;
    for (Minibatch minibatch : minibatches(plan)) {
      padded += padded(minibatch.prompts(), prompt -> prompt.length);
      padded += padded(minibatch.stories(), story -> story.length + 1);
      real += minibatch.tokens();
      real += minibatch.prompts().stream().mapToLong(prompt -> prompt.length).sum();
    }

    assertThat((double) (padded - real) / padded).isBetween(0.0, 0.1);
  }

  private static long padded(List<int[]> rows, Function<int[], Integer> length) {
    return (long) rows.size() * rows.stream().map(length).max(Comparator.naturalOrder()).get();
  }

  @Test
  void longAndShortStoriesComeInNoOrder() {
    List<Long> lengths =
        minibatches(EpochPlan.of(shard(20_000), BatchSize.ofPairs(64), 1, 0, 0)).stream()
            .map(minibatch -> minibatch.tokens() / minibatch.rows())
            .toList();

    long changesOfDirection =
        IntStream.range(2, lengths.size())
            .filter(
                i ->
                    (lengths.get(i) > lengths.get(i - 1))
                        != (lengths.get(i - 1) > lengths.get(i - 2)))
            .count();
    // of three numbers in random order the middle one is the least or the most in two of three
    // cases
    assertThat((double) changesOfDirection / lengths.size()).isBetween(0.55, 0.75);
  }

  @Test
  void minibatchesAreMadeUpAnewEachEpoch() {
    PairShard shard = shard(20_000);
    Set<Set<Integer>> first = madeUp(EpochPlan.of(shard, BatchSize.ofPairs(64), 1, 0, 0));

    Set<Set<Integer>> second = madeUp(EpochPlan.of(shard, BatchSize.ofPairs(64), 1, 1, 0));

    assertThat(second).doesNotContainAnyElementsOf(first);
  }

  private static Set<Set<Integer>> madeUp(EpochPlan plan) {
    Set<Set<Integer>> sets = new HashSet<>();
    minibatches(plan).forEach(minibatch -> sets.add(new HashSet<>(pairs(minibatch))));
    return sets;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 700})
  void scoringVisitsEveryPairOnce(int tokens) {
    List<Integer> visited =
        new ArrayList<>(
            pairsInOrder(EpochPlan.inOrderOfLength(shard(50), new BatchSize(8, tokens))));

    assertThat(visited).containsExactlyInAnyOrderElementsOf(all(50));
  }
}
