package storyloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import storyloom.model.ExitStatus;
import storyloom.model.registry.Registry;
import storyloom.model.registry.VersionRecord;

/** Somebody promotes another model, or rolls back, while a night is under way. */
final class PromotionByHandTest {

  private static final String WHILE_TRAINING = "train: epoch 1, round 1";
  private static final String WHILE_JUDGING = "take a sample of the pairs";

  @TempDir static Path folder;

  private static Path corpus;
  private static Path home;
  private static Registry registry;
  private static String older;
  private static String newer;

  @BeforeAll
  static void trainTwo() {
    corpus = SmallCorpus.write(folder.resolve("corpus"));
    home = folder.resolve("home");
    registry = new Registry(home.toString(), new Configuration());
    older = version(train("train.seed=1"));
    newer = version(train("train.seed=2"));
  }

  @BeforeEach
  void theNewerOneIsCurrent() {
    registry.promote(older);
    registry.promote(newer);
  }

  private static Commands.Result train(String... settings) {
    List<String> more = new ArrayList<>(List.of("--set", "train.epochs=1"));
    for (String each : settings) {
      more.addAll(List.of("--set", each));
    }
    return Commands.train(SmallCorpus.training(home, corpus, more.toArray(String[]::new)));
  }

  /** A night whose model passes every bound. */
  private static Commands.Result night() {
    return train(
        "train.start=current",
        "gate.enabled=true",
        "gate.max-perplexity-ratio=100",
        "gate.max-repetition=1",
        "decode.min-tokens=0");
  }

  private static String version(Commands.Result trained) {
    assertThat(trained.out()).as("%s", trained.err()).isNotEmpty();
    return trained.json().get("model").textValue();
  }

  private static void byHand(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--set", "home=" + home));
    assertThat(ModelsCommand.run(all.toArray(String[]::new))).isZero();
  }

  private static String checked(Commands.Result night, String check) {
    return night.out().stream().filter(line -> line.startsWith(check)).findAny().orElseThrow();
  }

  @Test
  void aModelPromotedWhileTrainingIsTheOneToBeat() {
    WatchedJobs.call(WHILE_TRAINING, () -> byHand("promote", older));

    Commands.Result night = night();

    assertThat(checked(night, "the current model")).contains(older).endsWith("passed");
    assertThat(checked(night, "the model it started from")).contains(newer).endsWith("passed");
  }

  @Test
  void aModelPromotedWhileTheGateJudgesStays() {
    WatchedJobs.call(WHILE_JUDGING, () -> byHand("promote", older));

    Commands.Result night = night();

    assertThat(night.status()).as("%s", night.err()).isEqualTo(ExitStatus.NOT_PROMOTED);
    assertThat(registry.current()).contains(older);
    VersionRecord known = registry.record(version(night));
    assertThat(known.state()).isEqualTo(VersionRecord.State.REFUSED);
    assertThat(known.reason())
        .contains(
            "the current model is %s, must be %s, which this one was compared with"
                .formatted(older, newer));
  }

  @Test
  void whatWasMadeOfAModelThatWasRolledBackIsRefused() {
    WatchedJobs.call(WHILE_TRAINING, () -> byHand("rollback"));

    Commands.Result night = night();

    assertThat(night.status()).as("%s", night.err()).isEqualTo(ExitStatus.NOT_PROMOTED);
    assertThat(registry.current()).contains(older);
    assertThat(registry.record(version(night)).reason())
        .contains(
            "the model it started from is %s (refused), must be one that is not refused"
                .formatted(newer));
  }

  @Test
  void withoutAGateTheRunsModelTakesThePlaceAndRollbackGoesBackToTheOneByHand() {
    WatchedJobs.call(WHILE_TRAINING, () -> byHand("promote", older));

    Commands.Result run = train("train.start=current");

    assertThat(registry.current()).contains(version(run));
    assertThat(registry.before(version(run))).contains(older);
  }
}
