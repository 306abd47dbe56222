package storyloom.pipeline.evaluate;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import storyloom.model.UserException;
import storyloom.model.bundle.Bundle;
import storyloom.model.eval.BundleScorer;
import storyloom.model.eval.PromptRanking;
import storyloom.model.eval.PromptRanking.RankedStory;
import storyloom.model.eval.ReferencePair;
import storyloom.model.nn.kernel.NativeThreads;
import storyloom.pipeline.JobDescription;

/** Has a model find the prompts of a sample's stories among nine others each, across executors. */
public final class PromptRanker {

  private final BundleReference bundle;

  /**
   * @param bundle directory of the model, which all executors reach
   * @throws UserException of data if the model cannot be used
   */
  public PromptRanker(Path bundle, Configuration configuration) {
    this.bundle = BundleReference.of(bundle, configuration);
  }

  /**
   * Ranks the prompts of each story of a sample.
   *
   * @return empty if the sample has too few different prompts
   */
  public Optional<PromptRanking> rank(JavaSparkContext context, HeldOutPairs.Sample sample) {
    List<RankedStory> stories = stories(bundle.with(model -> read(model, sample)));
    if (stories.isEmpty()) {
      return Optional.empty();
    }
    BundleReference reference = bundle;
    try (JobDescription described =
        JobDescription.of(context, "rank prompts with model " + reference.version())) {
      int partitions = Math.min(stories.size(), context.defaultParallelism());
      return Optional.of(
          PromptRanking.of(
              context
                  .parallelize(stories, partitions)
                  .mapPartitions(partition -> rank(partition, reference))
                  .collect()));
    }
  }

  private static List<ReferencePair> read(Bundle model, HeldOutPairs.Sample sample) {
    ReferencePair.Reader reader = new ReferencePair.Reader(model);
    return IntStream.range(0, sample.size())
        .mapToObj(i -> reader.read(sample.prompts().get(i), sample.stories().get(i)))
        .filter(pair -> pair.prompt().length > 0)
        .toList();
  }

  private static List<RankedStory> stories(List<ReferencePair> pairs) {
    return IntStream.range(0, pairs.size())
        .mapToObj(i -> RankedStory.draw(pairs, i))
        .flatMap(Optional::stream)
        .toList();
  }

  private static Iterator<Integer> rank(Iterator<RankedStory> stories, BundleReference reference) {
    NativeThreads.set(Math.max(1, TaskContext.get().cpus()));
    List<Integer> places = new ArrayList<>();
    try (BundleScorer scorer = reference.with(BundleScorer::new)) {
      stories.forEachRemaining(story -> places.add(scorer.rank(story)));
    }
    return places.iterator();
  }
}
