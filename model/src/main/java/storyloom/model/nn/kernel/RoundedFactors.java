package storyloom.model.nn.kernel;

import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.PointerScope;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link Gemm} by oneDNN with both factors rounded to a shorter kind of number first, bfloat16, and
 * the sums in float. Both are laid out as the processor likes them best, which costs a pass over
 * each: for large products.
 *
 * <p>The room for the rounded factors is kept from product to product, one for each product that
 * runs at a time: fresh memory is cleared by the system page by page, which took longer than the
 * rounding itself.
 */
final class RoundedFactors implements Gemm {

  private static final Logger LOG = LoggerFactory.getLogger(RoundedFactors.class);

  private final memory.data_type type;
  private final engine cpu = new engine(engine.kind.cpu, 0);
  private final Deque<Rooms> idle = new ConcurrentLinkedDeque<>();

  /** Where the two factors of a product stand while it is computed. */
  private final class Rooms {
    private final Room left = new Room();
    private final Room right = new Room();
  }

  /** Off-heap memory, as large as the largest factor that stood in it. */
  private final class Room {
    private memory bytes;

    /** A matrix in this room; what stood here before is lost. */
    memory of(memory.desc shape) {
      if (bytes == null || bytes.get_desc().get_size() < shape.get_size()) {
        if (bytes != null) {
          bytes.close();
        }
        bytes = new memory(bytes(shape.get_size()), cpu);
        bytes.retainReference(); // from the scope of the product that happens to be the first
      }
      return new memory(shape, cpu, bytes.get_data_handle());
    }
  }

  RoundedFactors(memory.data_type type) {
    this.type = type;
  }

  /** Products in bfloat16, or in float where the processor would only imitate it. */
  static Gemm toBfloat16Or(Gemm floats) {
    if (floats instanceof Gemm.OneDnn && hasBfloat16()) {
      LOG.info("Large matrix products: bfloat16");
      return new RoundedFactors(memory.data_type.bf16);
    }
    LOG.info("Large matrix products: float32, as this processor has no bfloat16");
    return floats;
  }

  /** Whether there is oneDNN, and the processor multiplies bfloat16 by itself. */
  static boolean hasBfloat16() {
    if (!Gemm.OneDnn.fits()) {
      return false;
    }
    int wanted = dnnl.dnnl_cpu_isa_avx512_core_bf16;
    return (dnnl.dnnl_get_effective_cpu_isa() & wanted) == wanted;
  }

  @Override
  public void multiply(Matrix a, boolean transA, Matrix b, boolean transB, float keep, Matrix c) {
    long m = c.rows();
    long n = c.columns();
    long k = transA ? a.rows() : a.columns();
    Rooms kept = idle.poll();
    Rooms rooms = kept == null ? new Rooms() : kept;
    try (PointerScope scope = new PointerScope();
        primitive_attr attributes = new primitive_attr()) {
      if (keep != 0) {
        post_ops sum = new post_ops();
        sum.append_sum(keep, memory.data_type.undef);
        attributes.set_post_ops(sum);
      }
      memory.desc result = desc(m, n, c.stride(), 1);
      matmul.primitive_desc product =
          new matmul.primitive_desc(new matmul.desc(any(m, k), any(k, n), result), attributes, cpu);
      stream work = new stream(cpu);
      memory left =
          rounded(
              a,
              desc(m, k, transA ? 1 : a.stride(), transA ? a.stride() : 1),
              rooms.left.of(product.src_desc()),
              work);
      memory right =
          rounded(
              b,
              desc(k, n, transB ? 1 : b.stride(), transB ? b.stride() : 1),
              rooms.right.of(product.weights_desc()),
              work);
      memory target = new memory(result, cpu, c.bytePointer());
      IntMemoryMap arguments =
          new IntMemoryMap()
              .put(dnnl.DNNL_ARG_SRC, left)
              .put(dnnl.DNNL_ARG_WEIGHTS, right)
              .put(dnnl.DNNL_ARG_DST, target);
      new matmul(product).execute(work, arguments);
      work._wait();
    } finally {
      idle.push(rooms);
    }
  }

  private memory rounded(Matrix from, memory.desc shape, memory target, stream work) {
    memory source = new memory(shape, cpu, from.bytePointer());
    new reorder(source, target).execute(work, source, target);
    return target;
  }

  private static memory.desc desc(long rows, long columns, long rowStride, long columnStride) {
    return new memory.desc(
        new long[] {rows, columns},
        memory.data_type.f32,
        new long[] {rowStride, columnStride},
        false);
  }

  private static memory.desc bytes(long size) {
    return new memory.desc(new long[] {size}, memory.data_type.u8, memory.format_tag.a, false);
  }

  private memory.desc any(long rows, long columns) {
    return new memory.desc(new long[] {rows, columns}, type, memory.format_tag.any, false);
  }
}
