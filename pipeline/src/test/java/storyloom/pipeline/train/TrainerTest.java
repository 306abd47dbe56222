package storyloom.pipeline.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import storyloom.model.UserException;
import storyloom.model.nn.Seq2SeqGraph;
import storyloom.model.nn.config.AttentionKind;
import storyloom.model.nn.config.LearningRate;
import storyloom.model.nn.config.LearningRate.Schedule;
import storyloom.model.nn.config.Optimisation;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.layer.Minibatch;
import storyloom.pipeline.LocalSpark;
import storyloom.pipeline.batch.BatchSize;
import storyloom.pipeline.batch.EncodedPair;
import storyloom.pipeline.batch.EpochPlan;
import storyloom.pipeline.batch.PairShard;
import storyloom.pipeline.batch.PairShards;
import storyloom.pipeline.fault.FaultPlugin;
import storyloom.pipeline.fault.Faults;
import storyloom.pipeline.train.plan.OuterSettings;
import storyloom.pipeline.train.plan.TrainingPlan;
import storyloom.pipeline.train.plan.TrainingProgress;
import storyloom.pipeline.train.plan.TrainingProgress.EpochReport;
import storyloom.pipeline.train.plan.TrainingProgress.RoundReport;

class TrainerTest {

  private static final Seq2SeqConfig MODEL = new Seq2SeqConfig(40, 8, 16, 0.1);
  private static final Optimisation OPTIMISATION = new Optimisation(0.01, 5, 1);

  /** No epoch but the first counts as progress. */
  private static final Optimisation PLATEAU =
      new Optimisation(new LearningRate(Schedule.PLATEAU, 0.01, 4, 0.99), 5, 0, 1);

  private final JavaSparkContext context = LocalSpark.context();
  private final Configuration hadoop = new Configuration();

  @TempDir java.nio.file.Path folder;

  /** Keeps what is reported. */
  private static final class Log implements TrainingProgress {
    private final List<RoundReport> rounds = new ArrayList<>();
    private final List<EpochReport> epochs = new ArrayList<>();

    @Override
    public void roundDone(RoundReport report) {
      rounds.add(report);
    }

    @Override
    public void epochDone(EpochReport report) {
      epochs.add(report);
    }
  }

  private static List<EncodedPair> pairs(int count) {
    Random random = new Random(4);
    return IntStream.range(0, count)
        .mapToObj(
            i -> {
              int[] prompt = random.ints(1 + random.nextInt(5), 4, 40).toArray();
              int[] story = Arrays.copyOf(prompt, 1 + random.nextInt(prompt.length));
              return new EncodedPair(prompt, story);
            })
        .toList();
  }

  private Path shards(String name, List<EncodedPair> pairs, int workers) {
    Path path = new Path(folder.resolve(name).toUri());
    PairShards.write(context.parallelize(pairs, 3), workers, path, hadoop);
    return path;
  }

  private static TrainingPlan plan(int epochs, int frequency, int workers) {
    return new TrainingPlan(MODEL, OPTIMISATION, epochs, 8 * workers, frequency, workers);
  }

  private float[] train(TrainingPlan plan, Path train, Path valid, Log log) {
    try (Trainer trainer = new Trainer(context, plan, hadoop, log)) {
      trainer.train(train, valid);
      return trainer.model().graph().params().data().asFloat();
    }
  }

  @Test
  void oneWorkerEqualsALocalFitBitForBit() {
    Path shards = shards("one", pairs(53), 1);

    float[] averaged = train(plan(2, 3, 1), shards, shards, new Log());

    assertThat(averaged).containsExactly(fitted(OPTIMISATION, shards, 0, 0));
  }

  /** As by default: batches of 64, rounds of 20 minibatches, Nesterov's step. */
  @Test
  void eightWorkersAreNoWorseThanOne() {
    List<EncodedPair> pairs = pairs(1_792);

    double one = perplexity(pairs, 1);
    double eight = perplexity(pairs, 8);

    assertThat(one).isLessThan(20);
    assertThat(eight).isLessThanOrEqualTo(one);
  }

  /** Of unseen pairs, after the last epoch. */
  private double perplexity(List<EncodedPair> pairs, int workers) {
    Log log = new Log();
    TrainingPlan plan =
        new TrainingPlan(
            new Seq2SeqConfig(40, 16, 16, 0),
            new Optimisation(0.003, 5, 1),
            new OuterSettings(OuterSettings.Kind.NESTEROV, 0, 1, 0),
            8,
            BatchSize.ofPairs(64),
            20,
            workers);
    train(
        plan,
        shards("train" + workers, pairs.subList(128, pairs.size()), workers),
        shards("valid" + workers, pairs.subList(0, 128), 1),
        log);
    return log.epochs.get(log.epochs.size() - 1).valid().perplexity();
  }

  @Test
  void halvingsReachTheWorkerBitForBit() {
    Path shards = shards("halved", pairs(53), 1);
    TrainingPlan plan = new TrainingPlan(MODEL, PLATEAU, 4, 8, 3, 1);

    float[] averaged = train(plan, shards, shards, new Log());

    assertThat(averaged).containsExactly(fitted(PLATEAU, shards, 0, 0, 1, 2));
  }

  /** The weights after fitting a shard by itself, with so many halvings in each epoch. */
  private float[] fitted(Optimisation optimisation, Path shards, int... halvings) {
    PairShard shard = PairShards.read(PairShards.paths(shards, hadoop).get(0), hadoop);
    try (Seq2SeqGraph local = Seq2SeqGraph.create(MODEL, optimisation)) {
      for (int epoch = 0; epoch < halvings.length; epoch++) {
        local.setHalvings(halvings[epoch]);
        EpochPlan minibatches = EpochPlan.of(shard, BatchSize.ofPairs(8), 1, epoch, 0);
        for (int number = 0; number < minibatches.size(); number++) {
          local.fit(minibatches.minibatch(number));
        }
      }
      return local.graph().params().data().asFloat();
    }
  }

  @Test
  void theRateIsHalvedAfterAnEpochWithoutProgressWhateverTheWorkers() {
    Path shards = shards("plateau", pairs(64), 2);
    Log log = new Log();

    train(new TrainingPlan(MODEL, PLATEAU, 4, 16, 2, 2), shards, shards, log);

    assertThat(log.rounds)
        .extracting(RoundReport::learningRate)
        .containsExactly(0.005, 0.01, 0.01, 0.01, 0.005, 0.005, 0.0025, 0.0025);
  }

  @Test
  void everyMinibatchIsTrainedOnExactlyOnceAnEpoch() {
    List<EncodedPair> pairs = pairs(101);
    long tokens = pairs.stream().mapToLong(pair -> pair.story().length + 1).sum();
    Path shards = shards("ragged", pairs, 3);
    Log log = new Log();

    train(plan(2, 2, 3), shards, shards, log);

    assertThat(log.epochs)
        .hasSize(2)
        .allMatch(epoch -> epoch.train().tokens() == tokens)
        .allMatch(epoch -> epoch.valid().tokens() == tokens);
    assertThat(log.rounds).hasSize(6);
  }

  @Test
  void minibatchesOfSoManyTokensAreTrainedOnExactlyOnceAnEpochToo() {
    List<EncodedPair> pairs = pairs(101);
    long tokens = pairs.stream().mapToLong(pair -> pair.story().length + 1).sum();
    Path shards = shards("budget", pairs, 3);
    BatchSize size = BatchSize.ofTokens(60).sharedBy(3);
    Log log = new Log();

    train(
        new TrainingPlan(MODEL, OPTIMISATION, OuterSettings.AVERAGE, 2, size, 2, 3),
        shards,
        shards,
        log);

    int most =
        PairShards.paths(shards, hadoop).stream()
            .mapToInt(path -> size.minibatches(PairShards.read(path, hadoop)))
            .max()
            .orElseThrow();
    assertThat(log.epochs)
        .hasSize(2)
        .allMatch(epoch -> epoch.train().tokens() == tokens)
        .allMatch(epoch -> epoch.valid().tokens() == tokens);
    assertThat(log.rounds).hasSize(2 * ((most + 1) / 2));
  }

  @Test
  void theSameSeedAndWorkersGiveTheSameWeightsBitForBit() {
    Path shards = shards("four", pairs(90), 4);

    float[] once = train(plan(2, 2, 4), shards, shards, new Log());
    float[] again = train(plan(2, 2, 4), shards, shards, new Log());

    assertThat(again).containsExactly(once);
  }

  @Test
  void iterationCountsAdvanceOverRoundsAndEpochs() {
    Path shards = shards("two", pairs(64), 2);
    try (Trainer trainer = new Trainer(context, plan(3, 2, 2), hadoop, new Log())) {
      trainer.train(shards, shards);

      assertThat(trainer.model().graph().getConfiguration().getIterationCount()).isEqualTo(12);
      assertThat(trainer.model().graph().getConfiguration().getEpochCount()).isEqualTo(3);
    }
  }

  @Test
  void adamsMomentsAreAveragedWithTheParameters() {
    Path shards = shards("moments", pairs(75), 2);
    List<PairShard> read =
        PairShards.paths(shards, hadoop).stream()
            .map(path -> PairShards.read(path, hadoop))
            .toList();
    try (Trainer trainer = new Trainer(context, plan(1, 3, 2), hadoop, new Log());
        Seq2SeqGraph first = Seq2SeqGraph.create(MODEL, OPTIMISATION);
        Seq2SeqGraph second = Seq2SeqGraph.create(MODEL, OPTIMISATION)) {
      trainer.train(shards, shards);
      for (int round = 0; round < 2; round++) {
        double weight = fitRound(first, read.get(0), 0, round);
        double other = fitRound(second, read.get(1), 1, round);
        average(first.graph().params(), weight, second.graph().params(), other);
        average(moments(first), weight, moments(second), other);
      }

      assertThat(moments(trainer.model()).data().asFloat())
          .containsExactly(moments(first).data().asFloat());
      assertThat(trainer.model().graph().params().data().asFloat())
          .containsExactly(first.graph().params().data().asFloat());
    }
  }

  /** Fits three minibatches of a worker, and says how many tokens they had. */
  private static double fitRound(Seq2SeqGraph model, PairShard shard, int worker, int round) {
    EpochPlan minibatches = EpochPlan.of(shard, BatchSize.ofPairs(8), 1, 0, worker);
    model.setStream(worker);
    return IntStream.range(3 * round, Math.min(3 * round + 3, minibatches.size()))
        .mapToLong(number -> model.fit(minibatches.minibatch(number)).tokens())
        .sum();
  }

  /** Gives two arrays, which must differ, their weighted mean. */
  private static void average(INDArray one, double weight, INDArray two, double other) {
    float[] ones = one.data().asFloat();
    float[] twos = two.data().asFloat();
    assertThat(ones).isNotEqualTo(twos);
    double share = weight / (weight + other);
    double otherShare = other / (weight + other);
    for (int i = 0; i < ones.length; i++) {
      ones[i] = (float) (share * ones[i] + otherShare * twos[i]);
    }
    one.assign(Nd4j.create(ones, one.shape()));
    two.assign(one);
  }

  private static INDArray moments(Seq2SeqGraph model) {
    return model.graph().getUpdater(true).getStateViewArray();
  }

  @Test
  void trainingLearns() {
    Path shards = shards("learn", pairs(200), 2);
    Log log = new Log();

    train(plan(8, 2, 2), shards, shards, log);

    assertThat(log.epochs.get(7).valid().perplexity())
        .isLessThan(0.6 * log.epochs.get(0).valid().perplexity());
    assertThat(log.epochs.get(7).valid().accuracy()).isBetween(0.3, 1.0);
  }

  @ParameterizedTest
  @CsvSource({"true, , false", "false, 20, false", "true, , true"})
  void everyKindOfOutputLearnsOnSeveralWorkers(boolean tied, Integer cutoff, boolean copy) {
    List<Integer> adaptive = cutoff == null ? List.of() : List.of(cutoff);
    Seq2SeqConfig model =
        new Seq2SeqConfig(40, 8, 16, 1, false, AttentionKind.DOT, tied, adaptive, copy, 0, false);
    Path shards = shards("output", pairs(120), 2);
    Log log = new Log();

    train(new TrainingPlan(model, OPTIMISATION, 4, 16, 2, 2), shards, shards, log);

    assertThat(log.epochs.get(3).valid().perplexity())
        .isLessThan(0.8 * log.epochs.get(0).valid().perplexity());
  }

  @Test
  void anOptimisationThatCannotTrainTheModelIsRefused() {
    Seq2SeqConfig adaptive =
        new Seq2SeqConfig(
            40, 8, 16, 1, false, AttentionKind.DOT, false, List.of(20), false, 0, false);
    Optimisation smoothing = new Optimisation(0.01, 5, 0.1, 1);

    assertThatThrownBy(() -> new TrainingPlan(adaptive, smoothing, 1, 8, 2, 1))
        .isInstanceOf(UserException.class)
        .hasMessageContainingAll("train.label-smoothing", "model.adaptive-softmax");
  }

  @Test
  void validationEqualsScoringTheWeightsLocally() {
    List<EncodedPair> pairs = pairs(40);
    Path shards = shards("valid", pairs, 2);
    Log log = new Log();
    try (Trainer trainer = new Trainer(context, plan(1, 2, 2), hadoop, log)) {
      trainer.train(shards, shards);
      double nll =
          pairs.stream()
              .mapToDouble(
                  pair ->
                      trainer
                          .model()
                          .score(new Minibatch(List.of(pair.prompt()), List.of(pair.story())))
                          .nll())
              .sum();

      assertThat(log.epochs.get(0).valid().nll()).isCloseTo(nll, within(1e-3));
    }
  }

  @Test
  void nothingIsLeftBehind() throws Exception {
    Set<Integer> before = LocalSpark.cached();
    Path shards = shards("clean", pairs(64), 2);
    train(plan(1, 2, 2), shards, shards, new Log());

    try (Stream<java.nio.file.Path> files = Files.list(folder)) {
      assertThat(files.map(java.nio.file.Path::getFileName).map(Object::toString))
          .containsExactly("clean");
    }
    assertThat(before).containsAll(LocalSpark.cached());
  }

  @Test
  void delayedAndFailingTasksChangeNoBitOfTheWeights() {
    Path shards = shards("disturbed", pairs(90), 4);
    float[] undisturbed = train(plan(2, 2, 4), shards, shards, new Log());
    List<float[]> disturbed = new ArrayList<>();
    long thrown = FaultPlugin.thrown();

    new Faults(1, 60, 0.4)
        .during(context, () -> disturbed.add(train(plan(2, 2, 4), shards, shards, new Log())));

    assertThat(FaultPlugin.thrown()).isGreaterThan(thrown);
    assertThat(disturbed.get(0)).containsExactly(undisturbed);
  }
}
