package storyloom.bench.grammar;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.StringTokenizer;
import java.util.stream.Stream;
import storyloom.pipeline.corpus.read.Split;

/**
 * Draws prompt/story pairs from a grammar with the tables {@code hero}, {@code object}, {@code
 * place} and {@code wish} and the rules {@code prompt} and {@code story}. The same grammar, length
 * and seed give the same pairs.
 */
public final class PairGenerator {

  private static final int MAX_TRIES = 1000;

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
  public Stream<StoryPair> pairs(Split split) {
    Random random = new Random(seed * Split.values().length + split.ordinal());
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
        Expander.finish(expander.expand("{prompt}", 0)),
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
    for (int tries = 0; tries < MAX_TRIES; tries++) {
      String story = expander.expand("{story}", incidents);
      if (length.fits(story)) {
        return Expander.finish(story);
      }
    }
    throw new IllegalArgumentException(
        "in " + MAX_TRIES + " tries no story with " + incidents + " incidents met " + length);
  }

  private static <T> T draw(List<T> rows, Random random) {
    return rows.get(random.nextInt(rows.size()));
  }

  /**
   * Who meets what: an endless sequence of heroes and objects for one split. Every meeting of the
   * split comes once, in random order, before any comes again; so all heroes and objects occur
   * nearly equally often. Holds one number a meeting, however many are taken.
   */
  private static final class Casting {

    /** Heroes and objects meet in so many groups of equal size: one for test, one for valid. */
    private static final int GROUPS = 16;

    /** A hero and an object, by their places in their lists. */
    record Meeting(int hero, int object) {}

    private final List<Meeting> meetings = new ArrayList<>();
    private final Random random;
    private int next;

    /**
     * @param heroes the number of heroes
     * @param objects the number of objects
     * @throws IllegalArgumentException if nobody meets anything in that split
     */
    Casting(Split split, int heroes, int objects, Random random) {
      for (int hero = 0; hero < heroes; hero++) {
        for (int object = 0; object < objects; object++) {
          if (split(hero, object) == split) {
            meetings.add(new Meeting(hero, object));
          }
        }
      }
      if (meetings.isEmpty()) {
        throw new IllegalArgumentException(
            heroes + " heroes and " + objects + " objects are too few for a " + split + " split");
      }
      this.random = random;
    }

    /**
     * Which split a hero and an object meet in, by their places in their lists; the same for every
     * seed, so that corpora of different seeds keep out of each other's test split.
     *
     * <p>The groups run diagonally through the table of heroes and objects: every hero and every
     * object is met in every split.
     */
    private static Split split(int hero, int object) {
      return switch ((hero + object) % GROUPS) {
        case 0 -> Split.TEST;
        case 1 -> Split.VALID;
        default -> Split.TRAIN;
      };
    }

    Meeting next() {
      if (next == 0) {
        Collections.shuffle(meetings, random);
      }
      Meeting meeting = meetings.get(next);
      next = (next + 1) % meetings.size();
      return meeting;
    }
  }

  /**
   * How long stories are. Each incident is a sentence between a story's opening and its turn.
   *
   * @param minIncidents the fewest incidents
   * @param maxIncidents the most incidents
   * @param minWords the fewest words of a story
   * @param maxWords the most words of a story
   */
  public record StoryLength(int minIncidents, int maxIncidents, int minWords, int maxWords) {

    /** Three to five sentences, 25 to 45 words: what a small model learns in minutes. */
    public static final StoryLength SHORT = new StoryLength(0, 1, 25, 45);

    /**
     * @throws IllegalArgumentException if a number is negative, or a fewest is more than its most
     */
    public StoryLength {
      if (minIncidents < 0 || minIncidents > maxIncidents || minWords < 0 || minWords > maxWords) {
        throw new IllegalArgumentException(
            "a story cannot have "
                + minIncidents
                + " to "
                + maxIncidents
                + " incidents and "
                + minWords
                + " to "
                + maxWords
                + " words");
      }
    }

    /** Whether a story has as many words as it may; paragraph breaks are not words. */
    boolean fits(String story) {
      int words = words(story);
      return minWords <= words && words <= maxWords;
    }

    static int words(String story) {
      int words = 0;
      for (StringTokenizer each = new StringTokenizer(story, " "); each.hasMoreTokens(); ) {
        if (!each.nextToken().equals(Expander.PARAGRAPH)) {
          words++;
        }
      }
      return words;
    }
  }

  /**
   * A prompt, a story for it, and the four things that both of them name.
   *
   * @param prompt one or two sentences
   * @param story a few sentences; {@code <newline>} stands for a paragraph break
   * @param hero one lower-case word
   * @param object one lower-case word
   * @param place one lower-case word
   * @param wish what the hero wants to do: an infinitive without "to"
   * @param fulfilment the same in the past tense
   */
  public record StoryPair(
      String prompt,
      String story,
      String hero,
      String object,
      String place,
      String wish,
      String fulfilment) {}
}
