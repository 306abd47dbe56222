package storyloom.jobs.train;

import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import storyloom.jobs.cli.BuildInfo;
import storyloom.jobs.run.ParentModel;
import storyloom.model.bundle.Provenance;
import storyloom.model.settings.Settings;
import storyloom.pipeline.batch.PreparedCorpus;
import storyloom.pipeline.batch.ShardTotals;

/** Where a training's models come from, as their bundles tell. */
final class TrainingProvenance {

  private TrainingProvenance() {}

  /**
   * What is known before the first update.
   *
   * @param parent whose weights it starts from
   * @param run the run's name
   * @param files of the corpus
   */
  static Provenance atStart(
      Settings settings,
      PreparedCorpus corpus,
      ParentModel parent,
      String run,
      SortedMap<String, String> files) {
    SortedMap<String, Double> metrics = new TreeMap<>();
    put(metrics, "train", corpus.contents().train());
    put(metrics, "valid", corpus.contents().valid());
    return new Provenance(
        corpus.contents().corpusHash(),
        corpus.vocabulary().sha256(),
        settings.whole("train.seed"),
        corpus.contents().workers(),
        BuildInfo.versions(),
        BuildInfo.gitCommit(),
        Instant.now(),
        parent.version(),
        run,
        files,
        settings.all(),
        metrics);
  }

  private static void put(Map<String, Double> metrics, String split, ShardTotals totals) {
    metrics.put(split + "_pairs", (double) totals.pairs());
    metrics.put(split + "_prompts_cut", (double) totals.promptsCut());
    metrics.put(split + "_stories_cut", (double) totals.storiesCut());
    metrics.put(split + "_story_tokens_cut", (double) totals.storyTokensCut());
  }

  /**
   * What is known when training has ended.
   *
   * @param metrics those of the start included
   */
  static Provenance atEnd(Provenance start, Settings settings, SortedMap<String, Double> metrics) {
    return new Provenance(
        start.corpusHash(),
        start.vocabularyHash(),
        start.seed(),
        start.workers(),
        BuildInfo.versions(),
        BuildInfo.gitCommit(),
        Instant.now(),
        start.parent(),
        start.run(),
        start.corpusFiles(),
        settings.all(),
        metrics);
  }
}
