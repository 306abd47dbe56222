package storyloom.model.nn.layer;

/**
 * A vertex of the decoder whose output depends on tokens of a story before those that it reads, and
 * which keeps what it needs of them from one {@link StoryWindow} to the next. Backward passes take
 * what was kept for constants.
 */
public interface WindowedVertex {

  /** The next forward pass, and its backward pass, are of this window. */
  void read(StoryWindow window);

  /** The next forward pass is of whole stories, unless {@link #read} says otherwise. */
  void readWhole();

  /** Frees what was kept. */
  void forget();
}
