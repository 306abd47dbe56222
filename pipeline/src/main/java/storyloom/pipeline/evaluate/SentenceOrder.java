package storyloom.pipeline.evaluate;

import java.util.ArrayList;
import java.util.Collections;
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
import storyloom.model.eval.OrderedStory;
import storyloom.model.eval.Share;
import storyloom.model.nn.kernel.NativeThreads;
import storyloom.model.text.TextCodec;
import storyloom.pipeline.JobDescription;

/**
 * Has a model compare stories with the same sentences in another order, across executors. Whoever
 * wrote them; the other order is drawn by the story's place.
 */
public final class SentenceOrder {

  private final BundleReference bundle;

  /**
   * @param bundle directory of the model, which all executors reach
   * @throws UserException of data if the model cannot be used
   */
  public SentenceOrder(Path bundle, Configuration configuration) {
    this.bundle = BundleReference.of(bundle, configuration);
  }

  /**
   * Compares each story with another order of its sentences.
   *
   * @param stories one for each prompt
   * @return for each story whether its own order is likelier, as a share of one; of nothing where
   *     it has no other order
   */
  public List<Share> preferred(
      JavaSparkContext context, List<String> prompts, List<String> stories) {
    List<Optional<OrderedStory>> all = bundle.with(model -> ordered(model, prompts, stories));
    List<OrderedStory> ordered = all.stream().flatMap(Optional::stream).toList();
    if (ordered.isEmpty()) {
      return Collections.nCopies(stories.size(), Share.NONE);
    }
    BundleReference reference = bundle;
    try (JobDescription described =
        JobDescription.of(context, "compare orders with model " + reference.version())) {
      int partitions = Math.min(ordered.size(), context.defaultParallelism());
      Iterator<Boolean> own =
          context
              .parallelize(ordered, partitions)
              .mapPartitions(partition -> compare(partition, reference))
              .collect()
              .iterator();
      return all.stream()
          .map(story -> story.isPresent() ? new Share(own.next() ? 1 : 0, 1) : Share.NONE)
          .toList();
    }
  }

  /**
   * The share of stories whose own order the model finds likelier, of those that have another.
   *
   * @param preferred of each story
   * @return empty if none has another order
   */
  public static Optional<Double> share(List<Share> preferred) {
    return Optional.of(preferred.stream().reduce(Share.NONE, Share::plus))
        .filter(all -> all.whole() > 0)
        .map(Share::value);
  }

  private static List<Optional<OrderedStory>> ordered(
      Bundle model, List<String> prompts, List<String> stories) {
    TextCodec codec = new TextCodec(model.text(), model.vocabulary());
    return IntStream.range(0, prompts.size())
        .mapToObj(
            i -> {
              int[] prompt = codec.cutPrompt(codec.promptIds(prompts.get(i)));
              List<int[]> sentences =
                  codec.sentences(codec.storyTokens(stories.get(i))).stream()
                      .map(codec::ids)
                      .toList();
              return prompt.length == 0
                  ? Optional.<OrderedStory>empty()
                  : OrderedStory.draw(prompt, sentences, i);
            })
        .toList();
  }

  private static Iterator<Boolean> compare(
      Iterator<OrderedStory> stories, BundleReference reference) {
    NativeThreads.set(Math.max(1, TaskContext.get().cpus()));
    List<Boolean> preferred = new ArrayList<>();
    try (BundleScorer scorer = reference.with(BundleScorer::new)) {
      stories.forEachRemaining(story -> preferred.add(scorer.prefersOwnOrder(story)));
    }
    return preferred.iterator();
  }
}
