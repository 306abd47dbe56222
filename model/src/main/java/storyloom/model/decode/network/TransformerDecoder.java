package storyloom.model.decode.network;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import storyloom.model.decode.network.TransformerWeights.CrossAttention;
import storyloom.model.decode.network.TransformerWeights.DecoderBlock;
import storyloom.model.decode.network.TransformerWeights.SelfAttention;
import storyloom.model.nn.attention.BlockLoops;
import storyloom.model.nn.attention.QueryAttention;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.kernel.Parallel;
import storyloom.model.nn.layer.CopyWords;
import storyloom.model.nn.output.StepLogits;

/**
 * The step of a Transformer: of each row, the keys and values of its tokens so far, and those of
 * its prompt. The equations are those of {@code model.nn.attention}, with dropout off.
 */
final class TransformerDecoder implements StepDecoder {

  private final TransformerWeights weights;
  private final QueryAttention attention;
  private final TransformerEncoder encoder;
  private final KeyValuePool remembered;
  private final MatrixPool pool = new MatrixPool();
  private final MatrixArena arena = new MatrixArena(pool);
  private final TokenLayers layers;
  private final Kernel kernel;
  private final Matrix embedded;
  private final Matrix x;
  private final Matrix looks;
  private final Matrix scratch;
  private final Matrix logits;
  private final Matrix gate;

  /** Of each row, which prompt is its own. */
  private List<RememberedPrompt> prompts = List.of();

  private List<RememberedStory> stories = List.of();

  /**
   * A decoder without rows.
   *
   * @param capacity most rows at a time
   * @param longest prompt, in tokens
   */
  TransformerDecoder(TransformerWeights weights, int capacity, int longest) {
    this.weights = weights;
    int width = weights.width();
    attention = new QueryAttention(weights.heads(), width);
    encoder = new TransformerEncoder(weights, attention);
    remembered = new KeyValuePool(weights.decoder().size(), width);
    layers = new TokenLayers(weights, capacity, arena);
    kernel = Kernel.of(weights.storyEmbedding());
    embedded = arena.floats(capacity, width);
    x = arena.floats(capacity, width);
    looks = arena.floats(capacity, longest);
    scratch = arena.floats(capacity, Math.max(1, weights.output().scratchColumns()));
    logits =
        arena.floats(capacity, weights.vocabulary() + (weights.copy().isPresent() ? longest : 0));
    gate = arena.floats(capacity, 1);
  }

  @Override
  public void start(List<int[]> ids) {
    List<RememberedPrompt> all = new ArrayList<>(prompts);
    List<RememberedStory> begun = new ArrayList<>(stories);
    try (MatrixArena whileEncoding = new MatrixArena(pool)) {
      all.addAll(encoder.encode(ids, remembered, whileEncoding));
    }
    ids.forEach(each -> begun.add(new RememberedStory(remembered)));
    prompts = all;
    stories = begun;
  }

  @Override
  public StepLogits step(int[] tokens) {
    int rows = tokens.length;
    stories.forEach(RememberedStory::grow);
    Matrix inputs = embedded.rows(0, rows);
    Matrix now = x.rows(0, rows);
    kernel.gatherRows(weights.storyEmbedding(), weights.known(tokens), inputs);
    kernel.copy(inputs, now);
    for (int layer = 0; layer < weights.decoder().size(); layer++) {
      DecoderBlock block = weights.decoder().get(layer);
      lookBack(block.self(), layer, now);
      lookAtPrompt(block.cross(), layer, now);
      layers.feedForward(block.feedForward(), now);
    }
    Matrix[] read = {layers.normed(weights.norm(), now)};
    Matrix all = logits.rows(0, rows);
    Matrix ofVocabulary = all.columns(0, weights.vocabulary());
    StepLogits made = weights.output().logits(kernel, read, scratch.rows(0, rows), ofVocabulary);
    List<CopyWords> words = prompts.stream().map(RememberedPrompt::words).toList();
    return weights
        .copy()
        .map(copy -> copy.mixed(inputs, read, looks, words, made, all, gate.rows(0, rows)))
        .orElse(made);
  }

  /** Attention to the row's own tokens, as far back as it learned to look, the new one included. */
  private void lookBack(SelfAttention self, int layer, Matrix now) {
    int width = weights.width();
    Matrix mapped = layers.mapped(self.in().product(), layers.normed(self.norm(), now));
    Matrix context = layers.context(now.rows());
    BlockLoops loops = BlockLoops.of(now);
    Parallel.over(
        now.rows(),
        1,
        (from, to) -> {
          float[] query = new float[width];
          float[] key = new float[width];
          float[] value = new float[width];
          for (int row = from; row < to; row++) {
            RememberedStory story = stories.get(row);
            int position = story.tokens() - 1;
            Matrix all = mapped.rows(row, row + 1);
            Matrix queries = all.columns(0, width);
            Matrix keys = all.columns(width, 2 * width);
            loops.rotate(queries, weights.heads(), position, false, weights.queryScale());
            loops.rotate(keys, weights.heads(), position, false, 1);
            keys.copyRow(0, key);
            all.columns(2 * width, 3 * width).copyRow(0, value);
            QueryAttention.remember(story.blocks(), layer, position, key, value);
            queries.copyRow(0, query);
            float[] seen = new float[attention.scratch(story.tokens())];
            int first = weights.firstSeen(position);
            attention.attend(query, story.blocks(), layer, first, story.tokens(), seen, value);
            context.writeRow(row, value);
          }
        });
    layers.add(self.out(), context, now);
  }

  private void lookAtPrompt(CrossAttention cross, int layer, Matrix now) {
    int width = weights.width();
    boolean last = layer == weights.decoder().size() - 1;
    Matrix queries = layers.mapped(cross.query(), layers.normed(cross.norm(), now));
    Matrix context = layers.context(now.rows());
    float scale = (float) weights.queryScale();
    Parallel.over(
        now.rows(),
        1,
        (from, to) -> {
          float[] query = new float[width];
          float[] drawn = new float[width];
          for (int row = from; row < to; row++) {
            RememberedPrompt prompt = prompts.get(row);
            queries.copyRow(row, query);
            for (int i = 0; i < width; i++) {
              query[i] *= scale;
            }
            float[] seen = new float[attention.scratch(prompt.tokens())];
            attention.attend(query, prompt.blocks(), layer, prompt.tokens(), seen, drawn);
            context.writeRow(row, drawn);
            if (last) {
              Matrix ofRow = looks.rows(row, row + 1).columns(0, prompt.tokens());
              ofRow.writeRow(0, attention.mean(seen, prompt.tokens()));
            }
          }
        });
    layers.add(cross.out(), context, now);
  }

  @Override
  public float[] attention(int row) {
    float[] seen = new float[prompts.get(row).tokens()];
    looks.rows(row, row + 1).columns(0, seen.length).copyRow(0, seen);
    return seen;
  }

  @Override
  public void select(int[] rows) {
    Set<RememberedPrompt> left = distinct(prompts);
    boolean[] taken = new boolean[stories.size()];
    List<RememberedPrompt> ownPrompts = new ArrayList<>();
    List<RememberedStory> ownStories = new ArrayList<>();
    for (int row : rows) {
      RememberedStory story = stories.get(row);
      ownPrompts.add(prompts.get(row));
      ownStories.add(taken[row] ? story.fork() : story);
      taken[row] = true;
    }
    for (int row = 0; row < taken.length; row++) {
      if (!taken[row]) {
        stories.get(row).forget();
      }
    }
    left.removeAll(distinct(ownPrompts));
    left.forEach(this::forget);
    prompts = ownPrompts;
    stories = ownStories;
  }

  private void forget(RememberedPrompt prompt) {
    prompt.blocks().forEach(remembered::giveBack);
  }

  private static Set<RememberedPrompt> distinct(List<RememberedPrompt> some) {
    Set<RememberedPrompt> distinct = Collections.newSetFromMap(new IdentityHashMap<>());
    distinct.addAll(some);
    return distinct;
  }

  @Override
  public void close() {
    prompts = List.of();
    stories = List.of();
    arena.close();
    pool.close();
  }
}
