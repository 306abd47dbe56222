package storyloom.model.decode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import storyloom.model.bundle.Bundle;
import storyloom.model.decode.network.DecoderWeights;
import storyloom.model.decode.network.IncrementalDecoder;
import storyloom.model.decode.search.Hypothesis;
import storyloom.model.decode.search.Hypothesis.Next;
import storyloom.model.decode.search.NextTokenLogits;
import storyloom.model.decode.search.Search;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.kernel.Parallel;
import storyloom.model.text.token.Vocabulary;

/**
 * Prompts on their way to stories, all of which go one token further at a time (continuous
 * batching, Yu et al. 2022, "Orca"). Between two steps others may join and some may leave; rows
 * whose stories have ended fall away by themselves. A story does not depend on any of that. Of one
 * thread at a time.
 */
public final class StoryBatch implements AutoCloseable {

  private static final float[] UNSEEN = {};

  /** A row of the batch: a live draft of one of the searches. */
  private record Row(GenerationRequest telling, Hypothesis draft) {}

  private final IncrementalDecoder unrolling;
  private final int capacity;
  private final Queue<NextTokenLogits> spare = new ConcurrentLinkedQueue<>();
  private List<Row> rows = List.of();

  /**
   * An empty batch.
   *
   * @param bundle must stay open as long as the batch
   * @param capacity most rows
   */
  public StoryBatch(Bundle bundle, int capacity) {
    this(DecoderWeights.of(bundle), capacity, bundle.text().maxPromptTokens());
  }

  /**
   * @param longest prompt, in tokens
   */
  StoryBatch(DecoderWeights weights, int capacity, int longest) {
    this.unrolling = new IncrementalDecoder(weights, capacity, longest);
    this.capacity = capacity;
  }

  /** Rows that are free whatever those that are taken come to need. */
  public int free() {
    return capacity
        - rows.stream().map(Row::telling).distinct().mapToInt(GenerationRequest::rows).sum();
  }

  /** Whether no story is being written. */
  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /**
   * Lets prompts in. Those that join together are encoded together, which is faster.
   *
   * @param tellings not begun
   * @throws IllegalArgumentException if they need more rows than are {@link #free}
   */
  public void join(List<GenerationRequest> tellings) {
    int needed = tellings.stream().mapToInt(GenerationRequest::rows).sum();
    if (needed > free()) {
      throw new IllegalArgumentException(needed + " rows are needed where " + free() + " are free");
    }
    if (tellings.isEmpty()) {
      return;
    }
    unrolling.join(tellings.stream().map(GenerationRequest::prompt).toList());
    List<Row> more = new ArrayList<>(rows);
    tellings.forEach(telling -> more.add(new Row(telling, Hypothesis.EMPTY)));
    rows = more;
  }

  /** Drops what somebody no longer waits for. */
  public void leave(GenerationRequest telling) {
    List<Row> left = new ArrayList<>();
    List<Integer> from = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      if (rows.get(i).telling() != telling) {
        left.add(rows.get(i));
        from.add(i);
      }
    }
    keep(left, from);
  }

  /** Takes all rows one token further. */
  public void step() {
    if (rows.isEmpty()) {
      return;
    }
    List<List<Next>> nexts = look();
    for (int i = 0; i < nexts.size(); i++) {
      tell(i, nexts.get(i));
    }
    goOn(nexts);
  }

  private List<List<Next>> look() {
    Matrix logits = unrolling.step(rows.stream().mapToInt(row -> row.draft().last()).toArray());
    List<List<Next>> nexts = Arrays.asList(newArray(rows.size()));
    Parallel.over(
        rows.size(),
        1,
        (from, to) -> {
          NextTokenLogits next = spare.poll();
          next = next == null ? new NextTokenLogits(logits.columns()) : next;
          for (int i = from; i < to; i++) {
            next.read(logits, i, unrolling.logSum(i));
            nexts.set(i, rows.get(i).telling().look(rows.get(i).draft(), next));
          }
          spare.add(next);
        });
    return nexts;
  }

  @SuppressWarnings("unchecked")
  private static List<Next>[] newArray(int size) {
    return new List[size];
  }

  private void tell(int row, List<Next> nexts) {
    GenerationRequest telling = rows.get(row).telling();
    int token = nexts.get(0).token();
    if (telling.rows() == 1 && token != Vocabulary.END) {
      TokenListener listener = telling.listener();
      listener.wrote(token, listener.wantsAttention() ? unrolling.attention(row) : UNSEEN);
    }
  }

  /** Takes the step, search by search, and keeps the state of what is still live. */
  private void goOn(List<List<Next>> nexts) {
    List<Row> left = new ArrayList<>();
    List<Integer> from = new ArrayList<>();
    int first = 0;
    while (first < rows.size()) {
      GenerationRequest telling = rows.get(first).telling();
      Search search = telling.search();
      int size = search.live().size();
      search.step(nexts.subList(first, first + size));
      for (Hypothesis draft : search.live()) {
        left.add(new Row(telling, draft));
        from.add(first + draft.parent());
      }
      first += size;
    }
    keep(left, from);
  }

  private void keep(List<Row> left, List<Integer> from) {
    unrolling.keep(from.stream().mapToInt(Integer::intValue).toArray());
    rows = left;
  }

  /** Frees the memory of the batch, and drops what is not written to the end. */
  @Override
  public void close() {
    rows = List.of();
    unrolling.close();
  }
}
