package storyloom.jobs.train;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;
import storyloom.jobs.cluster.ClusterSession;
import storyloom.jobs.run.ParentModel;
import storyloom.jobs.run.PreparedStore;
import storyloom.jobs.run.RulesNotice;
import storyloom.jobs.run.TrainingRun;
import storyloom.model.UserException;
import storyloom.model.bundle.Bundle;
import storyloom.model.bundle.Provenance;
import storyloom.model.registry.HomeSweep;
import storyloom.model.registry.Registry;
import storyloom.model.settings.Settings;
import storyloom.pipeline.batch.PreparedCorpus;
import storyloom.pipeline.train.Trainer;
import storyloom.pipeline.train.TrainingProvenance;
import storyloom.pipeline.train.plan.StopRequest;
import storyloom.pipeline.train.plan.TrainingLimits;
import storyloom.pipeline.train.plan.TrainingPlan;

/**
 * Trains a model once more, from what its bundle says of itself: the same parent, corpus, settings,
 * workers and number of rounds must end in the same weights.
 */
public final class Reproduction {

  private final ClusterSession cluster;
  private final Registry registry;
  private final Settings given;
  private final String home;

  /**
   * @param given names the home of the registry, and may have the user information of an address
   *     that a model was trained from, which no model tells
   */
  public Reproduction(ClusterSession cluster, Registry registry, Settings given) {
    this.cluster = cluster;
    this.registry = registry;
    this.given = given;
    this.home = given.text("home");
  }

  /**
   * Trains, and compares weights.
   *
   * @return the names of the tensors that differ, each with how far; none if all are the same
   * @throws UserException of data if something that is needed is not there any more; the message
   *     names it
   */
  public List<String> differences(String version) {
    registry.require(version);
    try (Bundle model = Bundle.read(registry.modelDir(version), cluster.hadoop())) {
      Provenance provenance = model.provenance();
      long rounds =
          Optional.ofNullable(provenance.metrics().get(TrainingProvenance.KEPT_ROUNDS))
              .map(Double::longValue)
              .filter(known -> known > 0)
              .orElseThrow(
                  () -> UserException.data(version + " does not say how many rounds it took"));
      if (provenance.parent() != null && !registry.versions().contains(provenance.parent())) {
        throw UserException.data(
            "%s started from %s, which has been pruned".formatted(version, provenance.parent()));
      }
      RulesNotice.warn(model.version(), model.text());
      Settings settings =
          Settings.load(
              Optional.empty(),
              RecordedSettings.of(provenance, given).entrySet().stream()
                  .map(each -> each.getKey() + "=" + each.getValue())
                  .toList());
      try (PreparedStore store = PreparedStore.of(home, settings, cluster.context());
          ParentModel parent = ParentModel.ofRun(provenance.parent(), registry, cluster.hadoop())) {
        PreparedCorpus corpus =
            corpus(settings, new Preparation(cluster, settings, store, parent), provenance);
        TrainingPlan plan =
            new TrainingSettings(settings).plan(corpus.vocabulary(), provenance.workers());
        return differences(model, plan, parent, corpus, rounds);
      }
    }
  }

  private PreparedCorpus corpus(Settings settings, Preparation preparation, Provenance provenance) {
    try (TrainingRun run = TrainingRun.create(home, cluster.hadoop())) {
      PreparedCorpus corpus = preparation.of(run, preparation.files(), provenance.workers());
      new HomeSweep(run.reports().getParent(), cluster.hadoop()).remove(run.name());
      if (!corpus.contents().corpusHash().equals(provenance.corpusHash())) {
        throw UserException.data(
            "the corpus at %s is not the one it was trained on, whose hash is %s"
                .formatted(settings.text("corpus.path"), provenance.corpusHash()));
      }
      if (!corpus.vocabulary().sha256().equals(provenance.vocabularyHash())) {
        throw UserException.data(
            "the corpus does not give the vocabulary any more whose hash is "
                + provenance.vocabularyHash());
      }
      return corpus;
    }
  }

  private List<String> differences(
      Bundle model, TrainingPlan plan, ParentModel parent, PreparedCorpus corpus, long rounds) {
    ConsoleProgress console = ConsoleProgress.of(plan.epochs());
    try (Trainer trainer =
        new Trainer(
            cluster.context(),
            plan,
            cluster.hadoop(),
            console,
            new TrainingLimits(0, 0, rounds),
            new StopRequest())) {
      parent.weights().ifPresent(trainer::startWith);
      try (console) {
        trainer.train(corpus.train(), corpus.valid());
      }
      SortedMap<String, INDArray> again = trainer.model().weights();
      Set<String> names = model.weights().tensors().keySet();
      return names.stream()
          .filter(name -> !again.get(name).equalsWithEps(model.weights().get(name), 0))
          .map(name -> difference(name, again.get(name), model.weights().get(name)))
          .toList();
    }
  }

  private static String difference(String name, INDArray one, INDArray other) {
    try (INDArray distance = Transforms.abs(one.sub(other), false)) {
      return "%s differs by up to %.3g".formatted(name, distance.maxNumber().doubleValue());
    }
  }
}
