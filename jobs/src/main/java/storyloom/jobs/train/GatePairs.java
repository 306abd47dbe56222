package storyloom.jobs.train;

import java.util.SortedMap;
import org.apache.hadoop.fs.Path;
import storyloom.jobs.cli.Console;
import storyloom.jobs.cluster.ClusterSession;
import storyloom.model.settings.Settings;
import storyloom.pipeline.corpus.Corpus;
import storyloom.pipeline.corpus.CorpusSettings;
import storyloom.pipeline.corpus.read.CorpusFingerprint;
import storyloom.pipeline.evaluate.HeldOutPairs;

/**
 * The held-out pairs that a gate compares models by: those of the corpus as it is now. A new run
 * has just read it. One that goes on with what a night before began has not, and its own pairs may
 * be what somebody has mended since.
 */
public final class GatePairs {

  /** Below the run's checkpoints, which go with it; what begins so is also swept away. */
  private static final String FOLDER = "_gate/valid";

  private GatePairs() {}

  /**
   * Where they stand. They are read, cleaned and split only if there is a gate and the corpus is
   * not what the run was begun with.
   *
   * @param tonight the settings that were given, not those of a run that is resumed
   * @return a folder as {@link HeldOutPairs} keeps them
   * @throws storyloom.model.UserException if the corpus cannot be used
   */
  public static Path of(ClusterSession cluster, Settings tonight, TrainingStart start) {
    Path own = start.corpus().heldOut();
    if (start.checkpoint().isEmpty() || !start.settings().flag("gate.enabled")) {
      return own;
    }
    SortedMap<String, String> files =
        CorpusFingerprint.files(
            cluster.context(), tonight.text("corpus.path"), tonight.text("corpus.format"));
    if (files.equals(start.text().provenance().corpusFiles())) {
      return own;
    }
    Console.say(
        "the corpus has changed since the run %s began: the gate measures by its validation split as it is now; the next run trains on it",
        start.run().name());
    Path folder = new Path(start.run().checkpoints(), FOLDER);
    try (Corpus corpus =
        Corpus.prepare(
            cluster.spark(),
            CorpusSettings.of(tonight),
            report -> report.lines().forEach(Console::say))) {
      HeldOutPairs.write(corpus.valid(), folder);
    }
    return folder;
  }
}
