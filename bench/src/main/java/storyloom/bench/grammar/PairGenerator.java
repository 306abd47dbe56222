package storyloom.bench.grammar;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Draws prompt/story pairs from a grammar with the tables {@code hero}, {@code object}, {@code
 * place} and {@code wish} and the rules {@code prompt} and {@code story}. The same grammar, length
 * and seed give the same pairs.
 */
public final class PairGenerator {

  private static final int MAX_DRAFTS = 1000;

  private final Grammar grammar;
  private final StoryLength length;
  private final long seed;

  /**
   * @param grammar where the words and sentences come from
   * @param length how long the stories are
   * @param seed of every choice
   */
  public PairGenerator(Grammar grammar, StoryLength length, long seed) {
    this.grammar = grammar;
    this.length = length;
    this.seed = seed;
  }

  /**
   * The pairs of a split, without end, drawn one by one as they are taken. No hero and object that
   * meet in one split meet in another.
   *
   * @throws IllegalArgumentException when taken from, if the grammar has no story of the asked
   *     length
   */
  public Stream<StoryPair> pairs(CorpusSplit split) {
    Random random = new Random(seed * CorpusSplit.values().length + split.ordinal());
    List<Map<String, String>> heroes = grammar.rows("hero");
    List<Map<String, String>> objects = grammar.rows("object");
    Casting casting = new Casting(split, heroes.size(), objects.size(), random);
    return Stream.generate(
        () -> {
          Casting.Meeting meeting = casting.next();
          Map<String, String> bindings = new HashMap<>(heroes.get(meeting.hero()));
          bindings.putAll(objects.get(meeting.object()));
          bindings.putAll(draw(grammar.rows("place"), random));
          bindings.putAll(draw(grammar.rows("wish"), random));
          return pair(bindings, random);
        });
  }

  private StoryPair pair(Map<String, String> bindings, Random random) {
    Expander expander = new Expander(grammar, bindings, random);
    return new StoryPair(
        Prose.finish(expander.expand("{prompt}", 0)),
        story(expander, random),
        bindings.get("hero"),
        bindings.get("object"),
        bindings.get("place"),
        expander.expand(bindings.get("wish"), 0),
        expander.expand(bindings.get("wish.done"), 0));
  }

  private String story(Expander expander, Random random) {
    int incidents =
        length.minIncidents() + random.nextInt(length.maxIncidents() - length.minIncidents() + 1);
    for (int draft = 0; draft < MAX_DRAFTS; draft++) {
      String story = expander.expand("{story}", incidents);
      if (length.fits(story)) {
        return Prose.finish(story);
      }
    }
    throw new IllegalArgumentException(
        "in " + MAX_DRAFTS + " drafts no story with " + incidents + " incidents met " + length);
  }

  private static <T> T draw(List<T> rows, Random random) {
    return rows.get(random.nextInt(rows.size()));
  }
}
