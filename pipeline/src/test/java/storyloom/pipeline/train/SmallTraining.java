package storyloom.pipeline.train;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import storyloom.model.bundle.Provenance;
import storyloom.model.nn.config.AttentionKind;
import storyloom.model.nn.config.LearningRate;
import storyloom.model.nn.config.LearningRate.Schedule;
import storyloom.model.nn.config.Optimisation;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.config.TransformerConfig;
import storyloom.model.settings.Settings;
import storyloom.model.text.token.Vocabulary;
import storyloom.pipeline.LocalSpark;
import storyloom.pipeline.batch.EncodedPair;
import storyloom.pipeline.batch.PairShards;
import storyloom.pipeline.train.checkpoint.Checkpoint;
import storyloom.pipeline.train.checkpoint.Checkpoints;
import storyloom.pipeline.train.plan.StopRequest;
import storyloom.pipeline.train.plan.TrainingLimits;
import storyloom.pipeline.train.plan.TrainingPlan;
import storyloom.pipeline.train.plan.TrainingProgress;
import storyloom.pipeline.train.plan.TrainingProgress.EpochReport;
import storyloom.pipeline.train.plan.TrainingProgress.RoundReport;

/** A training of a second or two: 40 tokens, stories that repeat the beginning of their prompts. */
public final class SmallTraining {

  static final Seq2SeqConfig MODEL = new Seq2SeqConfig(40, 8, 16, 0.1);

  /** The same with copying. */
  static final Seq2SeqConfig COPYING =
      new Seq2SeqConfig(40, 8, 16, 1, false, AttentionKind.DOT, false, List.of(), true, 0.1, false);

  /** A Transformer of two blocks each. */
  static final Seq2SeqConfig TRANSFORMER =
      Seq2SeqConfig.transformer(40, 16, 2, new TransformerConfig(2, 24), 0.1);

  /** Halved after an epoch that is not better by two thirds: soon. */
  static final Optimisation PLATEAU =
      new Optimisation(new LearningRate(Schedule.PLATEAU, 0.01, 4, 0.66), 5, 0, 1);

  private final java.nio.file.Path folder;
  private final Configuration hadoop = new Configuration();

  /**
   * @param folder for shards and checkpoints
   */
  SmallTraining(java.nio.file.Path folder) {
    this.folder = folder;
  }

  /** Keeps what is reported, and may do something after a round. */
  static final class Log implements TrainingProgress {
    final List<RoundReport> rounds = new ArrayList<>();
    final List<EpochReport> epochs = new ArrayList<>();
    private final Consumer<RoundReport> after;

    Log() {
      this(report -> {});
    }

    Log(Consumer<RoundReport> after) {
      this.after = after;
    }

    @Override
    public void roundDone(RoundReport report) {
      rounds.add(report);
      after.accept(report);
    }

    @Override
    public void epochDone(EpochReport report) {
      epochs.add(report);
    }
  }

  /** Pairs of ids, the same ones whenever so many are asked for. */
  public static List<EncodedPair> pairs(int count) {
    return pairs(count, 4);
  }

  private static List<EncodedPair> pairs(int count, long seed) {
    Random random = new Random(seed);
    return IntStream.range(0, count)
        .mapToObj(
            i -> {
              int[] prompt = random.ints(1 + random.nextInt(5), 4, 40).toArray();
              int[] story = Arrays.copyOf(prompt, 1 + random.nextInt(prompt.length));
              return new EncodedPair(prompt, story);
            })
        .toList();
  }

  Path shards(String name, int pairs, int workers) {
    return shards(name, pairs(pairs), workers);
  }

  /** Of other pairs than {@link #shards}. */
  Path otherShards(String name, int pairs, int workers) {
    return shards(name, pairs(pairs, 5), workers);
  }

  private Path shards(String name, List<EncodedPair> pairs, int workers) {
    Path path = path(name);
    PairShards.write(LocalSpark.context().parallelize(pairs, 3), workers, path, hadoop);
    return path;
  }

  private Path path(String name) {
    return new Path(folder.resolve(name).toUri());
  }

  Checkpoints checkpoints(String name, int rounds, int kept) {
    return new Checkpoints(path(name), hadoop, new Checkpoints.Schedule(rounds, 0, kept), text());
  }

  Checkpoint newest(String name, Consumer<String> warnings) {
    return Checkpoints.readNewest(path(name), hadoop, warnings).orElseThrow();
  }

  /** A trainer that saves. */
  Trainer trainer(
      TrainingPlan plan,
      TrainingLimits limits,
      StopRequest stop,
      TrainingProgress log,
      Checkpoints checkpoints) {
    return new Trainer(LocalSpark.context(), plan, hadoop, log, limits, stop).saveTo(checkpoints);
  }

  private static Checkpoint.Metadata text() {
    SortedMap<String, Long> counts = new TreeMap<>();
    IntStream.range(0, 36).forEach(i -> counts.put("word%02d".formatted(i), 100L - i));
    Vocabulary vocabulary = Vocabulary.build(counts, 1, 40);
    Settings settings = Settings.defaults();
    Provenance provenance =
        new Provenance(
            "0".repeat(64),
            vocabulary.sha256(),
            1,
            2,
            new TreeMap<>(),
            "unknown",
            Instant.EPOCH,
            null,
            settings.all(),
            new TreeMap<>());
    return new Checkpoint.Metadata(settings.textSettings(), vocabulary, provenance);
  }

  static float[] weights(Trainer trainer) {
    return trainer.model().graph().params().data().asFloat();
  }
}
