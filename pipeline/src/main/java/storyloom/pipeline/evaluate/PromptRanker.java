package storyloom.pipeline.evaluate;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
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
import storyloom.pipeline.ExecutorMemory;
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
    return Optional.of(places(context, sample))
        .filter(places -> !places.isEmpty())
        .map(places -> PromptRanking.of(List.copyOf(places.values())));
  }

  /**
   * The place of each story's own prompt among the ten, 0 if it is the likeliest, by the story's
   * place in the sample.
   *
   * @return without the stories whose prompt cannot be read; empty if the sample has too few
   *     different prompts
   */
  public SortedMap<Integer, Integer> places(JavaSparkContext context, HeldOutPairs.Sample sample) {
    SortedMap<Integer, RankedStory> stories = stories(sample);
    if (stories.isEmpty()) {
      return new TreeMap<>();
    }
    BundleReference reference = bundle;
    try (JobDescription described =
        JobDescription.of(context, "rank prompts with model " + reference.version())) {
      int partitions = Math.min(stories.size(), context.defaultParallelism());
      List<Integer> ranked =
          context
              .parallelize(List.copyOf(stories.values()), partitions)
              .mapPartitions(partition -> rank(partition, reference))
              .collect();
      SortedMap<Integer, Integer> places = new TreeMap<>();
      Iterator<Integer> next = ranked.iterator();
      stories.keySet().forEach(story -> places.put(story, next.next()));
      return places;
    }
  }

  private SortedMap<Integer, RankedStory> stories(HeldOutPairs.Sample sample) {
    try { // in local mode, trials are trained in this JVM
      return ExecutorMemory.HERE.use(() -> bundle.with(model -> stories(model, sample)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** By their places in the sample. */
  private static SortedMap<Integer, RankedStory> stories(Bundle model, HeldOutPairs.Sample sample) {
    ReferencePair.Reader reader = new ReferencePair.Reader(model);
    List<Integer> numbers = new ArrayList<>();
    List<ReferencePair> pairs = new ArrayList<>();
    for (int i = 0; i < sample.size(); i++) {
      ReferencePair pair = reader.read(sample.prompts().get(i), sample.stories().get(i));
      if (pair.prompt().length > 0) {
        numbers.add(i);
        pairs.add(pair);
      }
    }
    SortedMap<Integer, RankedStory> stories = new TreeMap<>();
    for (int i = 0; i < pairs.size(); i++) {
      int number = numbers.get(i);
      RankedStory.draw(pairs, i).ifPresent(story -> stories.put(number, story));
    }
    return stories;
  }

  private static Iterator<Integer> rank(Iterator<RankedStory> partition, BundleReference reference)
      throws InterruptedException {
    NativeThreads.set(Math.max(1, TaskContext.get().cpus()));
    List<RankedStory> stories = new ArrayList<>();
    partition.forEachRemaining(stories::add);
    return ExecutorMemory.HERE.use(() -> rank(stories, reference)).iterator();
  }

  private static List<Integer> rank(List<RankedStory> stories, BundleReference reference) {
    try (BundleScorer scorer = reference.with(BundleScorer::new)) {
      return stories.stream().map(scorer::rank).toList();
    }
  }
}
