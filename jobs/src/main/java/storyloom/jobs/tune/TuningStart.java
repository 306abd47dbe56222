package storyloom.jobs.tune;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import storyloom.jobs.cli.Console;
import storyloom.jobs.cluster.ClusterSession;
import storyloom.jobs.run.ParentModel;
import storyloom.jobs.run.PreparedStore;
import storyloom.jobs.run.TrainingRun;
import storyloom.jobs.train.Preparation;
import storyloom.model.UserException;
import storyloom.model.registry.Registry;
import storyloom.model.settings.Settings;
import storyloom.pipeline.batch.PreparedCorpus;
import storyloom.pipeline.corpus.read.CorpusFingerprint;
import storyloom.pipeline.prepare.CorpusEncoder;
import storyloom.pipeline.tune.SearchPlan;
import storyloom.pipeline.tune.SearchSpace;
import storyloom.pipeline.tune.Trial;
import storyloom.pipeline.tune.TrialCorpus;

/**
 * All that a search starts or resumes with.
 *
 * @param folder its places below home
 * @param settings what all trials have in common, and how they are searched
 * @param record where the search stands
 * @param trials all of them, by number
 */
public record TuningStart(
    TuningFolder folder, Settings settings, TrialRecord record, List<Trial> trials)
    implements AutoCloseable {

  /**
   * A new search, or the newest unfinished one.
   *
   * @param given what the user says now
   * @param draws what a new one would try
   * @throws UserException if there is none to resume, it was started with other settings or on
   *     another corpus, or the corpus cannot be used
   */
  public static TuningStart of(
      ClusterSession cluster, Settings given, SearchSpace.Draws draws, boolean resume) {
    cluster.requireShared(given.text("corpus.path"));
    return resume ? resumed(cluster, given) : fresh(cluster, given, draws);
  }

  private static TuningStart fresh(
      ClusterSession cluster, Settings settings, SearchSpace.Draws draws) {
    TuningFolder folder = TuningFolder.next(settings.text("home"), cluster.hadoop());
    TrialRecord.Header header =
        new TrialRecord.Header(
            folder.name(),
            settings.recorded(),
            new Corpora(cluster, settings, folder).files(),
            draws.trials(),
            draws.excluded());
    return of(cluster, settings, folder, header, TrialRecord::create);
  }

  private static TuningStart resumed(ClusterSession cluster, Settings given) {
    String home = given.text("home");
    TuningFolder folder =
        TuningFolder.newestUnfinished(home, cluster.hadoop())
            .orElseThrow(
                () ->
                    UserException.usage(
                        "there is no unfinished tuning under %s to resume: tune without --resume"
                            .formatted(home)));
    TrialRecord.Header header = TrialRecord.header(folder.record(), cluster.hadoop());
    Settings settings = new TuningSettings(given).resumed(folder.name(), header.settings());
    if (!new Corpora(cluster, settings, folder).files().equals(header.files())) {
      throw UserException.data(
          "the corpus at %s is not what it was when the tuning %s began: tune anew without --resume"
              .formatted(settings.text("corpus.path"), folder.name()));
    }
    Console.say("resuming %s", folder.record().getParent());
    return of(cluster, settings, folder, header, TrialRecord::resume);
  }

  /** How a record is opened: from its beginning, or where it stood. */
  @FunctionalInterface
  private interface Opening {
    TrialRecord open(
        Path file, Configuration configuration, TrialRecord.Header header, SearchPlan plan);
  }

  /** The record is opened last: what fails before leaves no search behind. */
  private static TuningStart of(
      ClusterSession cluster,
      Settings settings,
      TuningFolder folder,
      TrialRecord.Header header,
      Opening record) {
    SearchPlan plan = new TuningSettings(settings).plan(header.trials().size());
    List<Trial> trials = trials(cluster, settings, folder, header, plan);
    return new TuningStart(
        folder, settings, record.open(folder.record(), cluster.hadoop(), header, plan), trials);
  }

  private static List<Trial> trials(
      ClusterSession cluster,
      Settings settings,
      TuningFolder folder,
      TrialRecord.Header header,
      SearchPlan plan) {
    TuningSettings tuning = new TuningSettings(settings);
    Map<Map<String, String>, TrialCorpus> corpora = new HashMap<>();
    List<Trial> trials = new ArrayList<>();
    for (SortedMap<String, String> values : header.trials()) {
      Settings own = tuning.of(values);
      TrialCorpus corpus =
          corpora.computeIfAbsent(
              CorpusEncoder.deciding(own.all()),
              unknown ->
                  TrialCorpus.of(
                      cluster.spark(),
                      new Corpora(cluster, own, folder).prepared(header.files()),
                      own,
                      plan.objective()));
      trials.add(new Trial(trials.size(), values, own, corpus));
    }
    return List.copyOf(trials);
  }

  /** The prepared corpora of trials with some settings. */
  private record Corpora(ClusterSession cluster, Settings settings, TuningFolder folder) {

    SortedMap<String, String> files() {
      return CorpusFingerprint.files(
          cluster.context(), settings.text("corpus.path"), settings.text("corpus.format"));
    }

    PreparedCorpus prepared(SortedMap<String, String> files) {
      String home = settings.text("home");
      try (PreparedStore store =
              new PreparedStore(
                  home,
                  cluster.context(),
                  settings.integer("train.prepared-kept"),
                  () -> needed(home));
          ParentModel none =
              ParentModel.of(settings, new Registry(home, cluster.hadoop()), cluster.hadoop())) {
        return new Preparation(cluster, settings, store, none).of(folder, files, 1);
      }
    }

    private Set<String> needed(String home) {
      Set<String> names = new HashSet<>(folder.corpora());
      names.addAll(TrainingRun.neededCorpora(home, cluster.hadoop()));
      return names;
    }
  }

  @Override
  public void close() {
    record.close();
  }
}
