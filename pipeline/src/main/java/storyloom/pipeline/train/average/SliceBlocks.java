package storyloom.pipeline.train.average;

import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.network.buffer.ManagedBuffer;
import org.apache.spark.network.shuffle.BlockFetchingListener;
import org.apache.spark.storage.BlockData;
import org.apache.spark.storage.BlockId;
import org.apache.spark.storage.BlockManager;
import org.apache.spark.storage.BlockManagerId;
import org.apache.spark.storage.BroadcastBlockId;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.KeyLock;
import org.apache.spark.util.io.ChunkedByteBuffer;
import scala.Option;
import scala.collection.JavaConverters;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * Slices as blocks of Spark's block managers: in memory where there is room, else on disk, and from
 * process to process by Spark's block transfer, as plain bytes that nobody serialises, compresses,
 * sorts or adds up checksums of.
 *
 * <p>They bear the id of a broadcast of a few bytes, so that all of them, wherever they are, go
 * when that broadcast is destroyed.
 */
final class SliceBlocks implements AutoCloseable, Serializable {

  private static final ClassTag<byte[]> BYTES = ClassTag$.MODULE$.apply(byte[].class);
  private static final Option<org.apache.spark.TaskContext> THIS_TASK = Option.empty();
  private static final KeyLock<BlockId> FETCHING = new KeyLock<>();

  /**
   * A block's bytes, to be read until closed.
   *
   * @param isOwn whether they belong to who asked: nobody minds if they are changed
   */
  record Block(ByteBuffer bytes, boolean isOwn, Runnable release) implements AutoCloseable {

    static Block own(ByteBuffer bytes) {
      return new Block(bytes, true, () -> {});
    }

    @Override
    public void close() {
      release.run();
    }
  }

  /** Thrown where an executor does not have a block any more, or is not there any more itself. */
  static final class LostBlockException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient BlockManagerId place;

    LostBlockException(BlockId block, BlockManagerId place, Exception cause) {
      super(block + " of " + place, cause);
      this.place = place;
    }

    /** Where it should have been. */
    BlockManagerId place() {
      return place;
    }
  }

  /** The one piece of the broadcast. */
  private static final String OWNER = "piece0";

  private final Broadcast<String> owner;

  private SliceBlocks(Broadcast<String> owner) {
    this.owner = owner;
  }

  /** No blocks so far, on the driver. */
  static SliceBlocks open(JavaSparkContext context) {
    return new SliceBlocks(context.broadcast("slices"));
  }

  /** Begins to use them in a task. */
  void enter() {
    owner.value();
  }

  /**
   * Ends what {@link #enter} began. A task that Spark has given up, and that did not notice, may
   * put blocks when all the others are gone: it takes them away again.
   */
  void leave() {
    if (manager().getStatus(id(OWNER)).isEmpty()) {
      JavaConverters.seqAsJavaList(manager().getMatchingBlockIds(this::isSlice))
          .forEach(block -> manager().removeBlock(block, false));
    }
  }

  private boolean isSlice(BlockId block) {
    return block instanceof BroadcastBlockId ours
        && ours.broadcastId() == owner.id()
        && !ours.field().isEmpty() // the broadcast's value, which this task holds to its end
        && !ours.field().equals(OWNER);
  }

  /** Keeps bytes in this process, for who knows that they are here. */
  void put(String name, ByteBuffer bytes) {
    put(id(name), bytes, false);
  }

  /** Keeps bytes in this process, for everyone to {@link #find}. */
  void offer(String name, ByteBuffer bytes) {
    put(id(name), bytes, true);
  }

  private static void put(BlockId block, ByteBuffer bytes, boolean offered) {
    if (!manager()
        .putBytes(
            block,
            new ChunkedByteBuffer(bytes),
            StorageLevel.MEMORY_AND_DISK_SER(),
            offered,
            BYTES)) {
      throw new IllegalStateException("room for " + block + " neither in memory nor on disk");
    }
  }

  /**
   * Bytes that were {@link #offer offered}. Whoever gets them from another process offers them in
   * turn, so that many processes get them as fast as few; tasks of one process get them once.
   */
  Block find(String name) {
    BlockId block = id(name);
    Option<Block> here = local(block);
    return here.isDefined() ? here.get() : FETCHING.withLock(block, () -> fetched(block));
  }

  private static Block fetched(BlockId block) {
    Option<Block> here = local(block);
    if (here.isDefined()) {
      return here.get();
    }
    List<BlockManagerId> places =
        new ArrayList<>(JavaConverters.seqAsJavaList(manager().master().getLocations(block)));
    Collections.shuffle(places);
    LostBlockException last = null;
    for (BlockManagerId place : places) {
      try {
        ByteBuffer bytes = transferred(block, place);
        put(block, bytes, true);
        return new Block(bytes, false, () -> {});
      } catch (LostBlockException e) {
        last = e;
      }
    }
    throw new IllegalStateException(block + " is nowhere any more", last);
  }

  /**
   * Bytes that were {@link #put}.
   *
   * @param place in which process
   * @throws LostBlockException if they are not there any more
   */
  Block get(String name, BlockManagerId place) throws LostBlockException {
    BlockId block = id(name);
    if (!place.equals(here())) {
      return Block.own(transferred(block, place));
    }
    Option<Block> local = local(block);
    if (local.isEmpty()) {
      throw new LostBlockException(block, place, null);
    }
    return local.get();
  }

  private static ByteBuffer transferred(BlockId block, BlockManagerId place)
      throws LostBlockException {
    CompletableFuture<ByteBuffer> bytes = new CompletableFuture<>();
    String[] names = {block.name()};
    manager()
        .blockTransferService()
        .fetchBlocks(
            place.host(), place.port(), place.executorId(), names, new Arrival(bytes), null);
    try {
      return bytes.get();
    } catch (ExecutionException e) {
      throw new LostBlockException(block, place, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("stopped while waiting for " + block, e);
    }
  }

  /** Spark's own listener copies once more what Netty has put together. */
  private record Arrival(CompletableFuture<ByteBuffer> bytes) implements BlockFetchingListener {

    @Override
    public void onBlockFetchSuccess(String name, ManagedBuffer data) {
      try {
        ByteBuffer whole = data.nioByteBuffer();
        // put together from several buffers, it is an array of its own; else it is Netty's
        boolean isOwn = whole.hasArray() && whole.array().length == whole.remaining();
        bytes.complete(isOwn ? whole : copy(whole));
      } catch (IOException failure) {
        bytes.completeExceptionally(failure);
      }
    }

    @Override
    public void onBlockFetchFailure(String name, Throwable failure) {
      bytes.completeExceptionally(failure);
    }
  }

  /** Takes bytes that were {@link #put} in this process out of the block manager. */
  ByteBuffer take(String name) {
    BlockId block = id(name);
    ByteBuffer bytes;
    try (Block kept = local(block).get()) {
      bytes = kept.bytes().hasArray() ? kept.bytes() : copy(kept.bytes()); // from disk: mapped
    }
    manager().removeBlock(block, false);
    return bytes;
  }

  private static ByteBuffer copy(ByteBuffer bytes) {
    return ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
  }

  private static Option<Block> local(BlockId block) {
    Option<BlockData> data = manager().getLocalBytes(block);
    if (data.isEmpty()) {
      return Option.empty();
    }
    BlockData held = data.get();
    return Option.apply(
        new Block(
            held.toByteBuffer(),
            false,
            () -> manager().releaseLockAndDispose(block, held, THIS_TASK)));
  }

  /** This process, as others reach its blocks. */
  static BlockManagerId here() {
    return manager().blockManagerId();
  }

  private BlockId id(String name) {
    return new BroadcastBlockId(owner.id(), name);
  }

  private static BlockManager manager() {
    return SparkEnv.get().blockManager();
  }

  /** Removes all blocks, in all processes. */
  @Override
  public void close() {
    owner.destroy();
  }
}
