package storyloom.model.decode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import storyloom.model.decode.Draft.Next;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.kernel.Parallel;

/** One batch of prompts on its way: all their searches go one step further at a time. */
final class StoryBatch {

  /** A row of the batch: a live draft of one of the searches. */
  private record Row(Search search, Draft draft) {}

  private final List<Search> searches;
  private final Unrolling unrolling;
  private final Constraints constraints;
  private final List<int[]> banned;
  private final Queue<RowLogits> spare = new ConcurrentLinkedQueue<>();

  /**
   * @param searches one for each prompt
   * @param unrolling of the prompts, not begun
   * @param banned the ids of each banned word
   */
  StoryBatch(
      List<Search> searches, Unrolling unrolling, Constraints constraints, List<int[]> banned) {
    this.searches = searches;
    this.unrolling = unrolling;
    this.constraints = constraints;
    this.banned = banned;
  }

  /** The stories of each prompt. */
  List<List<DecodedStory>> write() {
    List<Row> rows = searches.stream().map(search -> new Row(search, Draft.EMPTY)).toList();
    while (!rows.isEmpty()) {
      rows = goOn(rows, look(rows));
    }
    return searches.stream().map(Search::stories).toList();
  }

  private List<List<Next>> look(List<Row> rows) {
    Matrix logits = unrolling.step(rows.stream().mapToInt(row -> row.draft().last()).toArray());
    List<List<Next>> nexts = Arrays.asList(newArray(rows.size()));
    Parallel.over(
        rows.size(),
        1,
        (from, to) -> {
          RowLogits next = spare.poll();
          next = next == null ? new RowLogits(logits.columns()) : next;
          for (int i = from; i < to; i++) {
            next.read(logits, i, unrolling.logSum(i));
            constraints.apply(rows.get(i).draft().tokens(), banned, next);
            nexts.set(i, rows.get(i).search().look(rows.get(i).draft(), next));
          }
          spare.add(next);
        });
    return nexts;
  }

  @SuppressWarnings("unchecked")
  private static List<Next>[] newArray(int size) {
    return new List[size];
  }

  /** Takes the step, search by search, and keeps the state of what is still live. */
  private List<Row> goOn(List<Row> rows, List<List<Next>> nexts) {
    List<Row> left = new ArrayList<>();
    List<Integer> from = new ArrayList<>();
    int first = 0;
    while (first < rows.size()) {
      Search search = rows.get(first).search();
      int size = search.live().size();
      search.step(nexts.subList(first, first + size));
      for (Draft draft : search.live()) {
        left.add(new Row(search, draft));
        from.add(first + draft.parent());
      }
      first += size;
    }
    unrolling.keep(from.stream().mapToInt(Integer::intValue).toArray());
    return left;
  }
}
