package storyloom.model.nn.kernel;

import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;

/**
 * A fixed matrix [K,n], of floats or of bytes, laid out once as oneDNN likes it best on this
 * processor, in pieces of columns, which threads share. Products are ready to run after the first
 * with as many rows, as making one takes longer than running it.
 */
final class OneDnnMatrix implements AutoCloseable {

  /** Columns of a piece at most. */
  private static final int WIDEST = 5 * RowProduct.STRETCH;

  /** Pieces that a matrix is cut into, unless they would be too narrow or too wide. */
  private static final int PIECES = 8;

  /** Rows that the matrix is laid out for. */
  private static final int ROWS = 64;

  /** Multiplications that are worth waking a thread for. */
  private static final long LEAST = 1 << 20;

  private final engine cpu = new engine(engine.kind.cpu, 0);
  private final Scratch scratch = new Scratch();
  private final int inner;
  private final int width;
  private final memory.data_type type;
  private final List<Piece> pieces = new ArrayList<>();

  /** Where the numbers of a matrix come from. */
  @FunctionalInterface
  interface Numbers {

    /** Those of some columns, row by row. */
    Pointer columns(int first, int last);
  }

  /** Takes sums of products as soon as they are there; called on the threads that compute. */
  @FunctionalInterface
  interface Sums {

    /**
     * @param sums [m,w], of all rows with w columns of the matrix; not to be kept
     * @param first of these columns
     */
    void computed(Matrix sums, int first);
  }

  /** A piece's product with so many rows. */
  private final class Call implements AutoCloseable {
    private final matmul product;
    private final memory rows;
    private final memory sums;
    private final IntMemoryMap arguments;
    private final stream work;

    Call(matmul.primitive_desc described, memory numbers) {
      try (PointerScope scope = new PointerScope()) {
        product = new matmul(described).retainReference();
        rows = new memory(described.src_desc(), cpu, (Pointer) null).retainReference();
        sums = new memory(described.dst_desc(), cpu, (Pointer) null).retainReference();
        work = new stream(cpu).retainReference();
        arguments =
            new IntMemoryMap()
                .put(dnnl.DNNL_ARG_SRC, rows)
                .put(dnnl.DNNL_ARG_WEIGHTS, numbers)
                .put(dnnl.DNNL_ARG_DST, sums)
                .retainReference();
      }
    }

    void run(Pointer from, Pointer to) {
      rows.set_data_handle(from);
      sums.set_data_handle(to);
      product.execute(work, arguments);
      work._wait();
    }

    @Override
    public void close() {
      arguments.close();
      work.close();
      sums.close();
      rows.close();
      product.close();
    }
  }

  /** Some columns of the matrix. */
  private final class Piece {
    private final int first;
    private final int size;
    private final memory numbers;
    private final Map<Integer, Deque<Call>> byRows = new ConcurrentHashMap<>();

    Piece(Numbers matrix, int first, int last) {
      this.first = first;
      this.size = last - first;
      try (PointerScope scope = new PointerScope()) {
        memory.desc any =
            new memory.desc(new long[] {inner, size}, type, memory.format_tag.any, false);
        memory plain = new memory(desc(inner, size, type), cpu, matrix.columns(first, last));
        numbers = new memory(described(ROWS, any).weights_desc(), cpu);
        numbers.retainReference();
        stream work = new stream(cpu);
        new reorder(plain, numbers).execute(work, plain, numbers);
        work._wait();
      }
    }

    /** Sums without gaps: with gaps between their rows oneDNN is several times slower. */
    private matmul.primitive_desc described(int rows, memory.desc weights) {
      return new matmul.primitive_desc(
          new matmul.desc(desc(rows, inner, type), weights, desc(rows, size, memory.data_type.f32)),
          cpu);
    }

    private Call call(int rows) {
      try (PointerScope scope = new PointerScope()) {
        return new Call(described(rows, numbers.get_desc()), numbers);
      }
    }

    void multiply(Pointer rows, int count, Sums taker) {
      Deque<Call> calls = byRows.computeIfAbsent(count, absent -> new ConcurrentLinkedDeque<>());
      Call ready = calls.poll();
      Call call = ready == null ? call(count) : ready;
      try {
        scratch.lend(
            count,
            size,
            sums -> {
              call.run(rows, sums.bytePointer());
              taker.computed(sums, first);
            });
      } finally {
        calls.push(call);
      }
    }

    void close() {
      byRows.values().forEach(calls -> calls.forEach(Call::close));
      numbers.close();
    }
  }

  /**
   * @param inner K
   * @param columns n
   * @param type of the numbers of the matrix and of the rows: f32, or s8
   */
  OneDnnMatrix(int inner, int columns, memory.data_type type, Numbers numbers) {
    this.inner = inner;
    this.type = type;
    int stretches = (columns + PIECES * RowProduct.STRETCH - 1) / (PIECES * RowProduct.STRETCH);
    width = Math.min(WIDEST, stretches * RowProduct.STRETCH);
    for (int first = 0; first < columns; first += width) {
      pieces.add(new Piece(numbers, first, Math.min(columns, first + width)));
    }
  }

  /** How many pieces there are. */
  int pieces() {
    return pieces.size();
  }

  /**
   * rows · matrix, as floats, piece by piece.
   *
   * @param rows [m,K], without gaps
   * @param count m
   */
  void multiply(Pointer rows, int count, Sums taker) {
    if ((long) count * inner * width * pieces.size() < LEAST) {
      NativeThreads.alone(() -> pieces.forEach(piece -> piece.multiply(rows, count, taker)));
    } else {
      Parallel.each(pieces.size(), piece -> multiply(piece, rows, count, taker));
    }
  }

  /** The same with one piece alone. */
  void multiply(int piece, Pointer rows, int count, Sums taker) {
    pieces.get(piece).multiply(rows, count, taker);
  }

  private static memory.desc desc(int rows, int columns, memory.data_type type) {
    return new memory.desc(new long[] {rows, columns}, type, memory.format_tag.ab, false);
  }

  @Override
  public void close() {
    pieces.forEach(Piece::close);
    scratch.close();
  }
}
