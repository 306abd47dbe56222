package storyloom.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import storyloom.bench.load.DecodedModel.UntrainedHome;
import storyloom.model.bundle.Bundle;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.text.TextCodec;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SkewedPromptsTest {

  private static final int COUNT = 500;

  @TempDir private Path folder;

  private UntrainedHome home;
  private Bundle bundle;

  @BeforeAll
  void writeABundle() throws Exception {
    home = UntrainedHome.of(new Seq2SeqConfig(50, 2, 2, 0));
    bundle = Bundle.read(new org.apache.hadoop.fs.Path(home.model()), new Configuration());
  }

  @AfterAll
  void removeTheBundle() {
    bundle.close();
    home.close();
  }

  @Test
  void mostAreShortAndSomeMuchLonger() {
    int[] lengths =
        SkewedPrompts.of(bundle, COUNT).ids(COUNT).stream()
            .mapToInt(prompt -> prompt.length)
            .sorted()
            .toArray();

    assertThat(lengths).hasSize(COUNT);
    assertThat(lengths[COUNT / 2]).isBetween(10, 14);
    assertThat(lengths[COUNT * 98 / 100]).isGreaterThan(3 * lengths[COUNT / 2]);
    assertThat(lengths[COUNT - 1]).isLessThanOrEqualTo(bundle.text().maxPromptTokens());
  }

  @Test
  void theModelReadsOfTheFileWhatDecodeIsGiven() throws Exception {
    SkewedPrompts prompts = SkewedPrompts.of(bundle, 20);
    TextCodec codec = new TextCodec(bundle.text(), bundle.vocabulary());

    List<String> lines = Files.readAllLines(prompts.write(folder.resolve("prompts.jsonl")));

    assertThat(lines).hasSize(20);
    for (int i = 0; i < lines.size(); i++) {
      String prompt = new ObjectMapper().readTree(lines.get(i)).get("prompt").asText();
      assertThat(codec.promptIds(prompt)).isEqualTo(prompts.ids(20).get(i));
    }
  }

  @Test
  void theyAreTheSameEachTime() {
    assertThat(SkewedPrompts.of(bundle, 9).ids(9).toArray(int[][]::new))
        .isDeepEqualTo(SkewedPrompts.of(bundle, 30).ids(9).toArray(int[][]::new));
  }
}
