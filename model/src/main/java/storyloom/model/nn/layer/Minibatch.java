package storyloom.model.nn.layer;

import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

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
   * What the graph is fitted on: features prompt [b,S] and {@code <start>} + story [b,T], labels
   * story + {@code <end>} [b,T]; ids as numbers, short rows filled with {@link #PAD}. The arrays
   * stand outside of any workspace; close them after use.
   */
  public MultiDataSet toDataSet(DataType type) {
    try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
      INDArray prompt = padded(prompts, -1, -1, type);
      INDArray storyIn = padded(stories, START, -1, type);
      INDArray storyOut = padded(stories, -1, END, type);
      return new MultiDataSet(new INDArray[] {prompt, storyIn}, new INDArray[] {storyOut});
    }
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

  private static INDArray padded(List<int[]> sequences, int first, int last, DataType type) {
    int markers = (first < 0 ? 0 : 1) + (last < 0 ? 0 : 1);
    int width = sequences.stream().mapToInt(s -> s.length).max().orElseThrow() + markers;
    double[] ids = new double[sequences.size() * width];
    for (int row = 0; row < sequences.size(); row++) {
      int at = row * width;
      if (first >= 0) {
        ids[at++] = first;
      }
      for (int id : sequences.get(row)) {
        ids[at++] = id;
      }
      if (last >= 0) {
        ids[at] = last;
      }
    }
    INDArray array = Nd4j.createUninitialized(type, new long[] {sequences.size(), width}, 'c');
    array.data().setData(ids);
    return array;
  }
}
