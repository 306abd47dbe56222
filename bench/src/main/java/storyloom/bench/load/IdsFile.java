package storyloom.bench.load;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import storyloom.model.UserException;
import storyloom.model.nn.layer.Minibatch;
import storyloom.pipeline.batch.BatchSize;
import storyloom.pipeline.batch.EncodedPair;
import storyloom.pipeline.batch.EpochPlan;
import storyloom.pipeline.batch.PairShard;

/**
 * Pairs as token ids, JSON lines {@code {"prompt": […], "story": […]}}: what {@code bin/bench ids}
 * and the PyTorch yardstick write and read.
 */
public final class IdsFile {

  /** The yardstick's own limits. */
  private static final int LONGEST_PROMPT = 64;

  private static final int LONGEST_STORY = 200;

  private record Line(int[] prompt, int[] story) {}

  private final List<EncodedPair> pairs;

  private IdsFile(List<EncodedPair> pairs) {
    this.pairs = List.copyOf(pairs);
  }

  /**
   * Reads a file; pairs without a prompt or a story are left out.
   *
   * @throws UserException if it cannot be read, or holds no pair
   */
  public static IdsFile read(Path file) {
    return read(file, LONGEST_STORY);
  }

  /** As {@link #read(Path)}, with stories that are not cut. */
  public static IdsFile readWhole(Path file) {
    return read(file, Integer.MAX_VALUE);
  }

  private static IdsFile read(Path file, int longestStory) {
    ObjectMapper json = new ObjectMapper();
    List<EncodedPair> pairs = new ArrayList<>();
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      for (String text = lines.readLine(); text != null; text = lines.readLine()) {
        Line line = json.readValue(text, Line.class);
        if (line.prompt().length > 0 && line.story().length > 0) {
          pairs.add(
              new EncodedPair(cut(line.prompt(), LONGEST_PROMPT), cut(line.story(), longestStory)));
        }
      }
    } catch (NoSuchFileException none) {
      throw UserException.data("there is no file " + file + ": bin/bench ids writes one", none);
    } catch (IOException failure) {
      throw UserException.data("cannot read " + file + ": " + failure.getMessage(), failure);
    }
    if (pairs.isEmpty()) {
      throw UserException.data(file + " holds no pair of ids");
    }
    return new IdsFile(pairs);
  }

  private static int[] cut(int[] ids, int longest) {
    return ids.length > longest ? Arrays.copyOf(ids, longest) : ids;
  }

  /** The largest id, so that a vocabulary that is too small is found before training. */
  public int largestId() {
    return pairs.stream()
        .flatMapToInt(pair -> Arrays.stream(new int[] {max(pair.prompt()), max(pair.story())}))
        .max()
        .orElseThrow();
  }

  /** The pairs, as the file has them. */
  public List<EncodedPair> pairs() {
    return pairs;
  }

  /** The prompts alone, as the file has them. */
  public List<int[]> prompts() {
    return pairs.stream().map(EncodedPair::prompt).toList();
  }

  private static int max(int[] ids) {
    return Arrays.stream(ids).max().orElse(0);
  }

  /** Minibatches of the pairs just as the file has them. */
  public List<Minibatch> inOrder(int batch) {
    List<Minibatch> minibatches = new ArrayList<>();
    for (int from = 0; from < pairs.size(); from += batch) {
      List<EncodedPair> some = pairs.subList(from, Math.min(from + batch, pairs.size()));
      minibatches.add(
          new Minibatch(
              some.stream().map(EncodedPair::prompt).toList(),
              some.stream().map(EncodedPair::story).toList()));
    }
    return minibatches;
  }

  /** Minibatches as training makes them: shuffled, of like length. */
  public List<Minibatch> shuffled(int batch, long seed, int epoch) {
    PairShard.Builder builder = new PairShard.Builder();
    pairs.forEach(builder::add);
    EpochPlan plan = EpochPlan.of(builder.build(), BatchSize.ofPairs(batch), seed, epoch, 0);
    List<Minibatch> minibatches = new ArrayList<>();
    for (int number = 0; number < plan.size(); number++) {
      minibatches.add(plan.minibatch(number));
    }
    return minibatches;
  }
}
