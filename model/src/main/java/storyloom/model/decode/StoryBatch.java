package storyloom.model.decode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import storyloom.model.bundle.Bundle;
import storyloom.model.decode.network.StepDecoder;
import storyloom.model.decode.search.Hypothesis;
import storyloom.model.decode.search.Hypothesis.Next;
import storyloom.model.decode.search.NextTokenLogits;
import storyloom.model.decode.search.Search;
import storyloom.model.nn.kernel.Parallel;
import storyloom.model.nn.kernel.Precision;
import storyloom.model.nn.output.StepLogits;
import storyloom.model.text.token.Vocabulary;

/**
 * Prompts on their way to stories, all of which take one token more at a time (continuous batching,
 * Yu et al. 2022, "Orca"). Between two steps others may join and some may leave; rows whose stories
 * have ended fall away by themselves. A story depends on the weights, its prompt, its stream and
 * its settings only, never on its batch-mates, their order or the number of threads. Of one thread
 * at a time.
 */
public final class StoryBatch implements AutoCloseable {

  private static final float[] NO_ATTENTION = {};

  /** A row of the batch: a live hypothesis of one of the searches. */
  private record Row(GenerationRequest request, Hypothesis hypothesis) {}

  private final StepDecoder decoder;
  private final int capacity;
  private final Queue<NextTokenLogits> spare = new ConcurrentLinkedQueue<>();
  private List<Row> rows = List.of();

  /**
   * An empty batch.
   *
   * @param bundle must stay open as long as the batch
   * @param precision of the products
   * @param capacity most rows
   */
  public StoryBatch(Bundle bundle, Precision precision, int capacity) {
    this(StepDecoder.Network.of(bundle, precision), capacity, bundle.text().maxPromptTokens());
  }

  /**
   * @param longest prompt, in tokens
   */
  StoryBatch(StepDecoder.Network network, int capacity, int longest) {
    this.decoder = network.decoder(capacity, longest);
    this.capacity = capacity;
  }

  /**
   * Writes the stories of some requests to their ends, batch after batch.
   *
   * @param requests not begun; any number of them
   * @param capacity most rows of a batch; a request that needs more has one of its own
   */
  public static void writeAll(
      StepDecoder.Network network, List<GenerationRequest> requests, int capacity) {
    int from = 0;
    while (from < requests.size()) {
      int to = from + 1;
      int rows = requests.get(from).rows();
      while (to < requests.size() && rows + requests.get(to).rows() <= capacity) {
        rows += requests.get(to++).rows();
      }
      List<GenerationRequest> some = requests.subList(from, to);
      int longest = some.stream().mapToInt(each -> each.prompt().length).max().orElseThrow();
      try (StoryBatch batch = new StoryBatch(network, rows, longest)) {
        batch.join(some);
        while (!batch.isEmpty()) {
          batch.step();
        }
      }
      from = to;
    }
  }

  /** Rows that are free whatever those that are taken come to need. */
  public int free() {
    return capacity
        - rows.stream().map(Row::request).distinct().mapToInt(GenerationRequest::rows).sum();
  }

  /** Whether no story is being written. */
  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /**
   * Lets prompts in. Those that join together are encoded together, which is faster.
   *
   * @param requests not begun
   * @throws IllegalArgumentException if they need more rows than are {@link #free}
   */
  public void join(List<GenerationRequest> requests) {
    int needed = requests.stream().mapToInt(GenerationRequest::rows).sum();
    if (needed > free()) {
      throw new IllegalArgumentException(needed + " rows are needed where " + free() + " are free");
    }
    begin(requests);
  }

  /** A row for each search that begins. */
  private void begin(List<GenerationRequest> requests) {
    if (requests.isEmpty()) {
      return;
    }
    decoder.start(requests.stream().map(GenerationRequest::prompt).toList());
    List<Row> more = new ArrayList<>(rows);
    requests.forEach(request -> more.add(new Row(request, Hypothesis.EMPTY)));
    rows = more;
  }

  /** Drops what nobody waits for any longer. */
  public void leave(GenerationRequest request) {
    List<Row> left = new ArrayList<>();
    List<Integer> from = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      if (rows.get(i).request() != request) {
        left.add(rows.get(i));
        from.add(i);
      }
    }
    select(left, from);
  }

  /** Gives all rows one token more. */
  public void step() {
    if (rows.isEmpty()) {
      return;
    }
    List<List<Next>> nexts = expand();
    for (int i = 0; i < nexts.size(); i++) {
      report(i, nexts.get(i));
    }
    advance(nexts);
  }

  private List<List<Next>> expand() {
    StepLogits logits =
        decoder.step(rows.stream().mapToInt(row -> row.hypothesis().last()).toArray());
    List<List<Next>> nexts = Arrays.asList(newArray(rows.size()));
    Parallel.over(
        rows.size(),
        1,
        (from, to) -> {
          NextTokenLogits next = spare.poll();
          next = next == null ? new NextTokenLogits(logits.numbers().columns()) : next;
          for (int i = from; i < to; i++) {
            next.read(logits, i);
            nexts.set(i, rows.get(i).request().expand(rows.get(i).hypothesis(), next));
          }
          spare.add(next);
        });
    return nexts;
  }

  @SuppressWarnings("unchecked")
  private static List<Next>[] newArray(int size) {
    return new List[size];
  }

  private void report(int row, List<Next> nexts) {
    GenerationRequest request = rows.get(row).request();
    int token = nexts.get(0).token();
    if (request.rows() == 1 && token != Vocabulary.END) {
      GenerationRequest.Listener listener = request.listener();
      listener.wrote(token, listener.wantsAttention() ? decoder.attention(row) : NO_ATTENTION);
    }
  }

  /**
   * Takes the step, search by search, keeps the state of what is still live, and gives a row to
   * what a request does next.
   */
  private void advance(List<List<Next>> nexts) {
    List<Row> left = new ArrayList<>();
    List<Integer> from = new ArrayList<>();
    List<GenerationRequest> again = new ArrayList<>();
    int first = 0;
    while (first < rows.size()) {
      GenerationRequest request = rows.get(first).request();
      Search search = request.search();
      int size = search.live().size();
      search.step(nexts.subList(first, first + size));
      for (Hypothesis hypothesis : search.live()) {
        left.add(new Row(request, hypothesis));
        from.add(first + hypothesis.parent());
      }
      if (search.live().isEmpty() && request.beginNext()) {
        again.add(request);
      }
      first += size;
    }
    select(left, from);
    begin(again);
  }

  private void select(List<Row> left, List<Integer> from) {
    decoder.select(from.stream().mapToInt(Integer::intValue).toArray());
    rows = left;
  }

  /** Frees the memory of the batch, and drops what is not written to the end. */
  @Override
  public void close() {
    rows = List.of();
    decoder.close();
  }
}
