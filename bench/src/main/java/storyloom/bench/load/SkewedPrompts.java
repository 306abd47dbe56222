package storyloom.bench.load;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import storyloom.model.bundle.Bundle;
import storyloom.model.text.TextCodec;
import storyloom.model.text.token.Vocabulary;

/**
 * Prompts of a model's own words, most of them short and some much longer: lengths are log-normal,
 * as those of people's prompts nearly are. The same ones each time for the same model.
 */
public final class SkewedPrompts {

  private static final long SEED = 1;

  /** Of the prompts' lengths, in tokens, before those that are too long are cut. */
  private static final double MEDIAN = 12;

  /** Of the lengths' logarithms: one prompt of forty is four times as long as the median. */
  private static final double DEVIATION = 0.7;

  /** Draws before it is taken for granted that the model knows no text of its own words. */
  private static final int PATIENCE = 1000;

  private final List<String> texts;
  private final List<int[]> ids;

  private SkewedPrompts(List<String> texts, List<int[]> ids) {
    this.texts = texts;
    this.ids = ids;
  }

  /**
   * Draws prompts that the model takes.
   *
   * @throws IllegalStateException if it takes none
   */
  public static SkewedPrompts of(Bundle bundle, int count) {
    TextCodec codec = new TextCodec(bundle.text(), bundle.vocabulary());
    int longest = bundle.text().maxPromptTokens();
    Random random = new Random(SEED);
    List<String> texts = new ArrayList<>();
    List<int[]> ids = new ArrayList<>();
    int refused = 0;
    while (texts.size() < count) {
      String text = codec.story(words(random, bundle.vocabulary().size(), longest));
      int[] read = codec.promptIds(text);
      if (read.length > 0 && read.length <= longest) {
        texts.add(text);
        ids.add(read);
      } else if (++refused > PATIENCE + count) {
        throw new IllegalStateException("the model takes no prompts of its own words");
      }
    }
    return new SkewedPrompts(texts, ids);
  }

  private static int[] words(Random random, int vocabulary, int longest) {
    double length = MEDIAN * Math.exp(DEVIATION * random.nextGaussian());
    return random
        .ints(Math.max(1, Math.min(longest, Math.round(length))), Vocabulary.FIRST_WORD, vocabulary)
        .toArray();
  }

  /** What the model reads of the first prompts. */
  public List<int[]> ids(int count) {
    return ids.subList(0, Math.min(count, ids.size()));
  }

  /** Writes all prompts to a file of JSON lines, column {@code prompt}; gives the file. */
  public Path write(Path file) throws IOException {
    ObjectMapper json = new ObjectMapper();
    try (BufferedWriter lines = Files.newBufferedWriter(file)) {
      for (String text : texts) {
        lines.append(json.writeValueAsString(Map.of("prompt", text))).append('\n');
      }
    }
    return file;
  }
}
