package storyloom.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileUtil;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import storyloom.jobs.Commands;
import storyloom.jobs.SmallCorpus;
import storyloom.jobs.cluster.ClusterSession;
import storyloom.jobs.run.ParentModel;
import storyloom.jobs.run.PreparedStore;
import storyloom.jobs.run.TrainingRun;
import storyloom.model.UserException;
import storyloom.model.registry.Registry;
import storyloom.model.settings.Settings;
import storyloom.pipeline.batch.PreparedCorpus;

/** A run that shares another one's prepared corpus does not lose its own for that. */
class PreparationTest {

  private static final int WORKERS = 2;

  @TempDir static Path trained;

  @TempDir Path home;
  private Path corpus;
  private Settings settings;
  private ClusterSession cluster;
  private ParentModel parent;
  private TrainingRun run;
  private PreparedCorpus shared;

  @BeforeAll
  static void train() {
    Path corpus = SmallCorpus.write(trained.resolve("corpus"));
    Commands.Result result = Commands.train(training(trained.resolve("home"), corpus));
    assertThat(result.status()).as("%s", result.err()).isZero();
  }

  private static String[] training(Path home, Path corpus) {
    return SmallCorpus.training(home, corpus, "--set", "train.workers=" + WORKERS);
  }

  @BeforeEach
  void shareTheCorpusOfTheModelThatIsGoneOnWith() throws IOException {
    FileUtils.copyDirectory(trained.resolve("home").toFile(), home.toFile());
    corpus = SmallCorpus.write(trained.resolve("corpus"));
    List<String> keyValues =
        Arrays.stream(training(home, corpus)).filter(each -> !each.equals("--set")).toList();
    settings = Settings.load(Optional.empty(), keyValues).with("train.start", "current");
    cluster = ClusterSession.start("preparation", new SparkConf().set("spark.master", "local[2]"));
    parent = ParentModel.of(settings, registry(), cluster.hadoop());
    run = TrainingRun.create(home.toString(), cluster.hadoop());
    Preparation preparation = preparation(parent);
    shared = preparation.of(run, preparation.files(), WORKERS);
    assertThat(run.corpusNames()).startsWith(shared.folder().getName()).doesNotHaveDuplicates();
  }

  @AfterEach
  void stopSpark() {
    parent.close();
    cluster.close();
  }

  private Registry registry() {
    return new Registry(home.toString(), new Configuration());
  }

  private Preparation preparation(ParentModel from) {
    PreparedStore store = new PreparedStore(home.toString(), cluster.context(), 1, () -> Set.of());
    return new Preparation(cluster, settings, store, from);
  }

  private void loseIt() {
    assertThat(FileUtil.fullyDelete(home.resolve("prepared").toFile())).isTrue();
  }

  @Test
  void itIsMadeAgainWithTheVocabularyOfTheParent() {
    loseIt();

    PreparedCorpus again = preparation(parent).again(run, WORKERS);

    assertThat(again.contents()).isEqualTo(shared.contents());
    assertThat(run.corpus()).hasValue(again.folder().getName()).isNotEqualTo(name(shared));
    assertThat(preparation(parent).again(run, WORKERS).folder()).isEqualTo(again.folder());
  }

  @Test
  void itIsMadeAgainThoughTheParentIsGone() {
    loseIt();

    PreparedCorpus again =
        preparation(ParentModel.ofRun(null, registry(), cluster.hadoop())).again(run, WORKERS);

    assertThat(again.contents()).isEqualTo(shared.contents());
    assertThat(run.corpus()).hasValue(again.folder().getName()).isEqualTo(name(shared));
  }

  @Test
  void anotherCorpusIsNotTakenForIt() throws IOException {
    loseIt();
    Path stories = corpus.resolve("train.wp_target");
    Files.writeString(stories, Files.readString(stories).replace("lamp", "lamb"));

    assertThatThrownBy(() -> preparation(parent).again(run, WORKERS))
        .isInstanceOf(UserException.class)
        .hasMessageContainingAll("are lost", run.name(), "--resume");
  }

  @Test
  void aTornNoteOfItIsTakenForNone() throws IOException {
    Files.writeString(home.resolve("checkpoints").resolve(run.name()).resolve("_prepared"), "");

    assertThatThrownBy(() -> preparation(parent).again(run, WORKERS))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("are lost");
  }

  private static Optional<String> name(PreparedCorpus corpus) {
    return Optional.of(corpus.folder().getName());
  }
}
