package storyloom.model.nn.layer;

import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What a graph reads of the pairs of a {@link Minibatch} in one pass: whole stories, or so many
 * tokens of each, after which another pass goes on with the decoder's state ("truncated
 * backpropagation through time": Williams and Peng 1990; for Transformers Dai et al. 2019).
 *
 * @param prompts b prompts, whole in each window
 * @param inputs for each story what the decoder reads, at least one id: {@code <start>} and the
 *     story's tokens, one step behind the targets
 * @param targets for each story what is to be said; {@code <end>} is the last of all
 * @param first place of the first target in its story, the same in all of them; 0 where stories
 *     begin
 * @param goingOn the rows, ascending, whose stories the next window goes on with; none in the last
 * @param share how much a token weighs in the gradient: the tokens of this window by those of the
 *     first one, so that each token of a story weighs the same, however few stories are left
 */
public record StoryWindow(
    List<int[]> prompts,
    List<int[]> inputs,
    List<int[]> targets,
    int first,
    int[] goingOn,
    double share) {

  public StoryWindow {
    prompts = List.copyOf(prompts);
    inputs = List.copyOf(inputs);
    targets = List.copyOf(targets);
  }

  /** b, the number of pairs. */
  public int rows() {
    return prompts.size();
  }

  /** Whether the decoder goes on with the state that it had at the end of the window before. */
  public boolean continues() {
    return first > 0;
  }

  /** The packing of the stories. */
  public Packing packing() {
    return Packing.of(targets.stream().mapToInt(story -> story.length).toArray());
  }

  /**
   * What the graph is fitted on: features prompt [b,S] and inputs [b,T], labels targets [b,T]; ids
   * as numbers, short rows filled with {@link Minibatch#PAD}. The arrays stand outside of any
   * workspace; close them after use.
   */
  public MultiDataSet toDataSet(DataType type) {
    try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
      INDArray prompt = padded(prompts, type);
      INDArray storyIn = padded(inputs, type);
      INDArray storyOut = padded(targets, type);
      return new MultiDataSet(new INDArray[] {prompt, storyIn}, new INDArray[] {storyOut});
    }
  }

  private static INDArray padded(List<int[]> sequences, DataType type) {
    int width = sequences.stream().mapToInt(s -> s.length).max().orElseThrow();
    double[] ids = new double[sequences.size() * width];
    for (int row = 0; row < sequences.size(); row++) {
      int at = row * width;
      for (int id : sequences.get(row)) {
        ids[at++] = id;
      }
    }
    INDArray array = Nd4j.createUninitialized(type, new long[] {sequences.size(), width}, 'c');
    array.data().setData(ids);
    return array;
  }
}
