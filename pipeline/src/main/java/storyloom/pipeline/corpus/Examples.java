package storyloom.pipeline.corpus;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The examples of a rule that rank least of those seen, no two of which look alike. The same
 * whatever order, and in whatever portions, they are seen in.
 */
final class Examples implements Serializable {

  /** How many are kept. */
  static final int MOST = 3;

  private final TreeSet<Example> least = new TreeSet<>();

  /** Whether an example of this rank may be among the least. */
  boolean wants(long rank) {
    return least.size() < MOST || rank <= least.last().rank();
  }

  /** Whether the example is now among the least. */
  boolean add(Example example) {
    Optional<Example> alike = least.stream().filter(example::looksLike).findFirst();
    if (alike.isPresent()) {
      if (example.compareTo(alike.get()) >= 0) {
        return false;
      }
      least.remove(alike.get());
    }
    least.add(example);
    return least.size() <= MOST || least.pollLast() != example;
  }

  /** The examples, the least first. */
  List<Example> list() {
    return List.copyOf(least);
  }
}
