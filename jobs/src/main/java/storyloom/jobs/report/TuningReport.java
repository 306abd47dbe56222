package storyloom.jobs.report;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import storyloom.jobs.cluster.ClusterSession;
import storyloom.jobs.tune.TuningStart;
import storyloom.model.UserException;
import storyloom.model.decode.DecodeSettings;
import storyloom.model.files.HadoopFiles;
import storyloom.pipeline.batch.PreparedCorpus;
import storyloom.pipeline.evaluate.HeldOutPairs;
import storyloom.pipeline.evaluate.StorySample;
import storyloom.pipeline.train.checkpoint.Checkpoints;
import storyloom.pipeline.tune.RungResult;
import storyloom.pipeline.tune.Trial;

/** Writes the page about a search, with stories of its best models. */
public final class TuningReport {

  private static final int LEADERS = 3;
  private static final int PROMPTS = 5;

  private final ClusterSession cluster;

  /** On the cluster where the stories are to be written. */
  public TuningReport(ClusterSession cluster) {
    this.cluster = cluster;
  }

  /**
   * Writes {@code report.html} into the search's folder.
   *
   * @throws UserException of data if it cannot be written
   */
  public void write(TuningStart start) {
    List<RungResult> best = start.record().scheduler().leaders().stream().limit(LEADERS).toList();
    Map<Integer, StorySample> stories = new LinkedHashMap<>();
    for (RungResult each : best) {
      stories(start, each).ifPresent(sample -> stories.put(each.trial(), sample));
    }
    String html = new TuningPage(TuningPage.Facts.of(start)).html(stories);
    start.folder().write(start.folder().report(), html);
  }

  /** Of a trial's best epoch; empty if its weights are gone. */
  private Optional<StorySample> stories(TuningStart start, RungResult result) {
    Trial trial = start.trials().get(result.trial());
    Path weights =
        Checkpoints.end(new Path(start.folder().checkpoints(), trial.folder()), result.bestEpoch());
    try {
      if (!HadoopFiles.of(weights, cluster.hadoop()).exists(weights)) {
        return Optional.empty();
      }
    } catch (IOException e) {
      throw UserException.data("cannot read %s: %s".formatted(weights, e.getMessage()), e);
    }
    HeldOutPairs.Sample sample =
        HeldOutPairs.Sample.of(
            HeldOutPairs.read(cluster.spark(), PreparedCorpus.heldOut(trial.corpus().folder())),
            PROMPTS);
    return Optional.of(
        StorySample.write(cluster.spark(), weights, DecodeSettings.of(start.settings()), sample));
  }
}
