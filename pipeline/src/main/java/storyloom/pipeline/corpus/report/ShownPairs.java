package storyloom.pipeline.corpus.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Chooses the pairs that a report shows whole. */
public final class ShownPairs {

  static final int PAIRS = 20;
  static final int OF_STRONGEST = 5;

  private ShownPairs() {}

  /**
   * Twenty pairs, or all there are. In the last five of them the strongest rules took text away,
   * each rule in turn.
   *
   * @param sample pairs whatever was done to them
   * @param ofStrongest for each of the strongest rules, pairs that it took text from
   */
  public static List<Example> of(List<Example> sample, List<List<Example>> ofStrongest) {
    List<Example> strongest = new ArrayList<>();
    for (int turn = 0; turn < OF_STRONGEST; turn++) {
      for (List<Example> pairs : ofStrongest) {
        if (turn < pairs.size()
            && strongest.size() < OF_STRONGEST
            && strongest.stream().noneMatch(samePlace(pairs.get(turn)))) {
          strongest.add(pairs.get(turn));
        }
      }
    }
    return Stream.concat(
            sample.stream()
                .filter(pair -> strongest.stream().noneMatch(samePlace(pair)))
                .limit(PAIRS - strongest.size()),
            strongest.stream())
        .toList();
  }

  private static Predicate<Example> samePlace(Example one) {
    return other -> one.file().equals(other.file()) && one.line() == other.line();
  }
}
