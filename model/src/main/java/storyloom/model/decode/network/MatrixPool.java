package storyloom.model.decode.network;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Off-heap memory of arenas that come and go, kept from one to the next: fresh memory is cleared
 * page by page, which took a twelfth of the time of a batch. It keeps no more than arenas have had
 * at once, and the largest rather than the smallest. For one thread at a time.
 */
final class MatrixPool implements AutoCloseable {

  /** Memory is lent where less of it than this would stay unused. */
  private static final int LARGEST_TO_WANTED = 2;

  private final NavigableMap<Long, Deque<INDArray>> idle = new TreeMap<>();
  private long idleFloats;
  private long lentFloats;
  private long mostLent;

  /**
   * Some floats in a row, whatever they hold.
   *
   * @param size how many there are at least
   */
  INDArray take(long size) {
    Map.Entry<Long, Deque<INDArray>> fitting = idle.ceilingEntry(size);
    INDArray memory =
        fitting != null && fitting.getKey() <= LARGEST_TO_WANTED * size
            ? poll(fitting)
            : allocate(Math.max(1, size));
    lentFloats += memory.length();
    mostLent = Math.max(mostLent, lentFloats);
    return memory;
  }

  private INDArray poll(Map.Entry<Long, Deque<INDArray>> fitting) {
    INDArray memory = fitting.getValue().pop();
    if (fitting.getValue().isEmpty()) {
      idle.remove(fitting.getKey());
    }
    idleFloats -= memory.length();
    return memory;
  }

  private static INDArray allocate(long size) {
    try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
      return Nd4j.createUninitialized(DataType.FLOAT, new long[] {size}, 'c');
    }
  }

  /** Takes back what it gave. */
  void giveBack(INDArray memory) {
    lentFloats -= memory.length();
    while (lentFloats + idleFloats + memory.length() > mostLent) {
      poll(idle.firstEntry()).close();
    }
    idle.computeIfAbsent(memory.length(), none -> new ArrayDeque<>()).push(memory);
    idleFloats += memory.length();
  }

  /** Frees what nobody has. */
  @Override
  public void close() {
    idle.values().forEach(some -> some.forEach(INDArray::close));
    idle.clear();
    idleFloats = 0;
  }
}
