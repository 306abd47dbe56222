package storyloom.model.decode.network;

import java.util.ArrayList;
import java.util.List;
import storyloom.model.nn.attention.KeyValueBlock;

/** The keys and values of a row's tokens so far; full blocks are shared with other rows. */
final class RememberedStory {

  private final KeyValuePool pool;
  private final List<KeyValueBlock> blocks;
  private int tokens;

  private RememberedStory(KeyValuePool pool, List<KeyValueBlock> blocks, int tokens) {
    this.pool = pool;
    this.blocks = blocks;
    this.tokens = tokens;
  }

  /** Of no token yet. */
  RememberedStory(KeyValuePool pool) {
    this(pool, new ArrayList<>(), 0);
  }

  /** Makes room for one token more, which is then the last one. */
  void grow() {
    if (tokens % KeyValueBlock.TOKENS == 0) {
      blocks.add(pool.take());
    }
    tokens++;
  }

  /** How many tokens are remembered. */
  int tokens() {
    return tokens;
  }

  /** Where they are; the last block may be written to. */
  List<KeyValueBlock> blocks() {
    return blocks;
  }

  /** The same tokens, from which another row goes on. */
  RememberedStory fork() {
    List<KeyValueBlock> own = new ArrayList<>(blocks);
    boolean partly = tokens % KeyValueBlock.TOKENS != 0;
    int shared = partly ? own.size() - 1 : own.size();
    own.subList(0, shared).forEach(pool::share);
    if (partly) {
      KeyValueBlock last = pool.take();
      last.copyFrom(own.get(shared));
      own.set(shared, last);
    }
    return new RememberedStory(pool, own, tokens);
  }

  /** Gives its memory back. */
  void forget() {
    blocks.forEach(pool::giveBack);
    blocks.clear();
  }
}
