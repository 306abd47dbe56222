package storyloom.model.nn.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.MultiDataSet;

/**
 * Pairs that are trained on together, as token ids without markers or padding. Where the model
 * copies, ids from V on stand for words of a prompt that the vocabulary lacks.
 *
 * @param prompts b prompts, at least one token each
 * @param stories b stories, without {@code <start>} and {@code <end>}; may be empty
 */
public record Minibatch(List<int[]> prompts, List<int[]> stories) {

  /** The graph's input that holds the prompts' ids. */
  public static final int PROMPT_INPUT = 0;

  /** The graph's input that holds the stories' ids. */
  public static final int STORY_INPUT = 1;

  /** The id that fills short rows; never a target. */
  public static final int PAD = 0;

  /** The id of a word outside of the vocabulary. */
  public static final int OOV = 1;

  /** The id that a story's input starts with. */
  public static final int START = 2;

  /** The id that a story's output ends with. */
  public static final int END = 3;

  public Minibatch {
    if (prompts.isEmpty() || prompts.size() != stories.size()) {
      throw new IllegalArgumentException(
          "a minibatch needs as many prompts as stories and at least one, not "
              + prompts.size()
              + " and "
              + stories.size());
    }
    for (int[] prompt : prompts) {
      if (prompt.length == 0) {
        throw new IllegalArgumentException("a prompt needs at least one token");
      }
    }
    prompts = List.copyOf(prompts);
    stories = List.copyOf(stories);
  }

  /** b, the number of pairs. */
  public int rows() {
    return prompts.size();
  }

  /** Target tokens: those of the stories, and an {@code <end>} each. */
  public long tokens() {
    return stories.stream().mapToLong(story -> story.length + 1L).sum();
  }

  /**
   * What the graph is fitted on, in one pass over whole stories; see {@link StoryWindow#toDataSet}.
   */
  public MultiDataSet toDataSet(DataType type) {
    return whole().toDataSet(type);
  }

  /** One pass over whole stories. */
  public StoryWindow whole() {
    return windows(Integer.MAX_VALUE).get(0);
  }

  /**
   * The passes over stories of which each pass takes some tokens; the first one takes an {@code
   * <end>} besides, so that a story of no more tokens is read in one pass.
   *
   * @param most tokens of a story in a pass, at least 1
   * @return in their order; each has the rows that the one before says go on
   */
  public List<StoryWindow> windows(int most) {
    List<StoryWindow> windows = new ArrayList<>();
    int[] rows = IntStream.range(0, rows()).toArray();
    long first = 0;
    while (rows.length > 0) {
      long end = Math.max(first, 1) + most;
      StoryWindow window = window(rows, (int) first, end, windows.stream().findFirst());
      windows.add(window);
      int[] here = rows;
      rows = Arrays.stream(window.goingOn()).map(row -> here[row]).toArray();
      first = end;
    }
    return windows;
  }

  private StoryWindow window(int[] rows, int first, long end, Optional<StoryWindow> ofAll) {
    List<int[]> inputs = new ArrayList<>();
    List<int[]> targets = new ArrayList<>();
    IntStream.Builder goingOn = IntStream.builder();
    for (int row = 0; row < rows.length; row++) {
      int[] story = stories.get(rows[row]);
      int to = (int) Math.min(end, story.length + 1L);
      inputs.add(input(story, first, to));
      targets.add(target(story, first, to));
      if (to <= story.length) {
        goingOn.add(row);
      }
    }
    return new StoryWindow(
        Arrays.stream(rows).mapToObj(prompts::get).toList(),
        inputs,
        targets,
        first,
        goingOn.build().toArray(),
        ofAll.map(all -> (double) tokens(targets) / tokens(all.targets())).orElse(1.0));
  }

  private static long tokens(List<int[]> sequences) {
    return sequences.stream().mapToLong(ids -> ids.length).sum();
  }

  /** {@code <start>} and the story, from a place to another. */
  private static int[] input(int[] story, int from, int to) {
    int[] input = new int[to - from];
    for (int at = from; at < to; at++) {
      input[at - from] = at == 0 ? START : story[at - 1];
    }
    return input;
  }

  /** The story and {@code <end>}, from a place to another. */
  private static int[] target(int[] story, int from, int to) {
    int[] target = new int[to - from];
    for (int at = from; at < to; at++) {
      target[at - from] = at == story.length ? END : story[at];
    }
    return target;
  }

  /**
   * Ids as an embedding knows them: what stands behind the vocabulary, a word that only the pair
   * has, is read as {@link #OOV}.
   *
   * @param vocabulary V
   */
  public static int[] known(int[] ids, int vocabulary) {
    int[] known = ids.clone();
    for (int i = 0; i < known.length; i++) {
      known[i] = known[i] < vocabulary ? known[i] : OOV;
    }
    return known;
  }
}
