package storyloom.pipeline.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import storyloom.model.fixture.SmallBundle;
import storyloom.pipeline.LocalSpark;

class SentenceOrderTest {

  private static final List<String> PROMPTS = List.of("a fox", "a hen", "the moon", "a fox", "");
  private static final List<String> STORIES =
      List.of(
          "the fox ran . a hen sang .",
          "a hen ran home . the moon .",
          "the moon sang .", // has no other order
          "a fox . a fox .", // nor has this
          "the fox ran . a hen sang ."); // whose prompt cannot be read

  @TempDir static Path models;
  private static SentenceOrder order;

  @BeforeAll
  static void writeModel() {
    String version = SmallBundle.write(models);
    order =
        new SentenceOrder(
            new org.apache.hadoop.fs.Path(models.resolve(version).toString()), new Configuration());
  }

  private static Optional<Double> share(List<String> prompts, List<String> stories) {
    return SentenceOrder.share(order.preferred(LocalSpark.context(), prompts, stories));
  }

  @Test
  void onlyStoriesWithAnotherOrderCount() {
    double first = share(PROMPTS.subList(0, 1), STORIES.subList(0, 1)).orElseThrow();
    double second = share(PROMPTS.subList(0, 2), STORIES.subList(0, 2)).orElseThrow();

    assertThat(first).isIn(0.0, 1.0);
    assertThat(share(PROMPTS, STORIES)).hasValue(second);
    assertThat(share(PROMPTS.subList(2, 5), STORIES.subList(2, 5))).isEmpty();
  }

  /** Of two sentences there is one other order: of a story and its reverse, one is likelier. */
  @Test
  void aStoryOrItsReverseIsLikelierNeverBoth() {
    String there = "the fox ran . a hen sang .";
    String back = "a hen sang . the fox ran .";

    assertThat(share(List.of("a fox", "a fox"), List.of(there, back))).hasValue(0.5);
  }
}
