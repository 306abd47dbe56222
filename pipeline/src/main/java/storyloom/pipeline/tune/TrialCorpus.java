package storyloom.pipeline.tune;

import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import storyloom.model.settings.Settings;
import storyloom.pipeline.batch.PreparedCorpus;
import storyloom.pipeline.evaluate.HeldOutPairs;
import storyloom.pipeline.evaluate.HeldOutWords;

/**
 * A prepared corpus of one shard a split, which all trials share whose settings make the same one.
 *
 * @param folder where it stands; all executors reach it
 * @param vocabulary V
 * @param words of its validation split
 * @param sample of that split, to rank prompts for; empty where nobody asks for that
 */
public record TrialCorpus(
    Path folder, int vocabulary, HeldOutWords words, HeldOutPairs.Sample sample) {

  /**
   * Counts what trials on a prepared corpus are judged by.
   *
   * @param settings of any trial on it
   */
  public static TrialCorpus of(
      SparkSession spark,
      PreparedCorpus corpus,
      Settings settings,
      SearchPlan.Objective objective) {
    var heldOut = HeldOutPairs.read(spark, corpus.heldOut());
    return new TrialCorpus(
        corpus.folder(),
        corpus.vocabulary().size(),
        HeldOutWords.count(
            heldOut, settings.textSettings(), corpus.vocabulary(), settings.flag("model.copy")),
        HeldOutPairs.Sample.of(
            heldOut,
            objective == SearchPlan.Objective.RANKING ? settings.integer("gate.sample") : 0));
  }
}
