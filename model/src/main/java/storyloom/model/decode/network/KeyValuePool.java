package storyloom.model.decode.network;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import storyloom.model.nn.attention.KeyValueBlock;

/**
 * Blocks that rows of a batch remember their tokens in, kept from one row to the next, and how many
 * rows have each. For one thread at a time.
 */
final class KeyValuePool {

  private final int layers;
  private final int width;
  private final Deque<KeyValueBlock> idle = new ArrayDeque<>();
  private final Map<KeyValueBlock, Integer> users = new IdentityHashMap<>();

  /**
   * @param layers of the network
   * @param width of a token's key
   */
  KeyValuePool(int layers, int width) {
    this.layers = layers;
    this.width = width;
  }

  /** A block whose numbers are anything, which has one user. */
  KeyValueBlock take() {
    KeyValueBlock block = idle.isEmpty() ? new KeyValueBlock(layers, width) : idle.pop();
    users.put(block, 1);
    return block;
  }

  /** Blocks for some tokens. */
  List<KeyValueBlock> take(int tokens) {
    List<KeyValueBlock> blocks = new ArrayList<>();
    for (int at = 0; at < tokens; at += KeyValueBlock.TOKENS) {
      blocks.add(take());
    }
    return blocks;
  }

  /** One user more. */
  void share(KeyValueBlock block) {
    users.merge(block, 1, Integer::sum);
  }

  /** One user fewer; a block that nobody uses is lent again. */
  void giveBack(KeyValueBlock block) {
    int left = users.merge(block, -1, Integer::sum);
    if (left == 0) {
      users.remove(block);
      idle.push(block);
    }
  }
}
