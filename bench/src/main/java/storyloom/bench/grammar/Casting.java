package storyloom.bench.grammar;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Random;

/**
 * Who meets what: an endless sequence of heroes and objects for one split. Every meeting of the
 * split comes once, in random order, before any comes again; so all heroes and objects occur nearly
 * equally often. Holds one number a meeting, however many are taken.
 */
final class Casting implements Iterator<Casting.Meeting> {

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
  Casting(CorpusSplit split, int heroes, int objects, Random random) {
    for (int hero = 0; hero < heroes; hero++) {
      for (int object = 0; object < objects; object++) {
        if (CorpusSplit.of(hero, object) == split) {
          meetings.add(new Meeting(hero, object));
        }
      }
    }
    if (meetings.isEmpty()) {
      throw new IllegalArgumentException(
          heroes
              + " heroes and "
              + objects
              + " objects are too few for a "
              + split.fileName()
              + " split");
    }
    this.random = random;
  }

  @Override
  public boolean hasNext() {
    return true;
  }

  @Override
  public Meeting next() {
    if (next == 0) {
      Collections.shuffle(meetings, random);
    }
    Meeting meeting = meetings.get(next);
    next = (next + 1) % meetings.size();
    return meeting;
  }
}
