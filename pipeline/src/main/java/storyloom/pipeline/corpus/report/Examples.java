package storyloom.pipeline.corpus.report;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The examples that rank least of those seen, no two of which look alike. The same whatever order,
 * and in whatever portions, they are seen in.
 */
public final class Examples implements Serializable {

  /** How many are kept of pairs that are shown whole. */
  private static final int PAIRS = 20;

  /** How many are kept of each rule. */
  private static final int OF_RULE = 3;

  private final int most;
  private final TreeSet<Example> least = new TreeSet<>();

  private Examples(int most) {
    this.most = most;
  }

  /**
   * None yet.
   *
   * @param rule what they are to be examples of; {@link Example#SAMPLE} for pairs shown whole
   */
  public static Examples of(String rule) {
    return new Examples(rule.equals(Example.SAMPLE) ? PAIRS : OF_RULE);
  }

  /** Whether an example of this rank may be among the least. */
  boolean wants(long rank) {
    return least.size() < most || rank <= least.last().rank();
  }

  /** Whether the example is now among the least. */
  public boolean add(Example example) {
    Optional<Example> alike = least.stream().filter(example::looksLike).findFirst();
    if (alike.isPresent()) {
      if (example.compareTo(alike.get()) >= 0) {
        return false;
      }
      least.remove(alike.get());
    }
    least.add(example);
    return least.size() <= most || least.pollLast() != example;
  }

  /** The examples, the least first. */
  public List<Example> list() {
    return List.copyOf(least);
  }
}
