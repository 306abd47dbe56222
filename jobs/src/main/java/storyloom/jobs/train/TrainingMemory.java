package storyloom.jobs.train;

import storyloom.jobs.cluster.MemoryNeed;
import storyloom.model.nn.config.ModelKind;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.config.Seq2SeqTensors;
import storyloom.model.nn.config.Tensor;
import storyloom.pipeline.batch.BatchSize;
import storyloom.pipeline.train.plan.TrainingPlan;

/** How much memory outside the heap a training takes, estimated from above by its sizes. */
final class TrainingMemory {

  /** A parameter, its gradient, Adam's two moments, and the copy that products take. */
  private static final long STATE = 5;

  /** The velocity of the outer step. */
  private static final long OUTER = 1;

  /** The average of the weights. */
  private static final long AVERAGE = 1;

  /** Numbers of a token in an LSTM: four gates, the cell before and behind its tanh, the output. */
  private static final long LSTM = 7;

  /**
   * Numbers of a token in a Transformer's block, as many as it is wide: of each of three layers.
   */
  private static final long BLOCK = 6 + 6 + 2;

  /** The same for the layer whose turn it is: gradients. */
  private static final long LAYER = 8;

  /** Inner numbers of the feed-forward network whose turn it is: before and behind, gradient. */
  private static final long INNER = 3;

  /** Key and value of a token of the window before, which stay from one window to the next. */
  private static final long KEPT = 2;

  /** Weights of the head whose turn it is, their gradient, and their mean. */
  private static final long WEIGHTS = 3;

  /** Tokens whose logits, and their gradient, stand in memory at a time. */
  private static final long LOGITS = 2 * 512;

  private static final long FLOAT = 4;

  private TrainingMemory() {}

  /**
   * Of a training.
   *
   * @param prompt S, tokens of the longest prompt
   * @param longest tokens of the longest story, or of a window
   */
  static MemoryNeed of(TrainingPlan plan, long prompt, long longest) {
    Seq2SeqConfig model = plan.model();
    long parameters = Seq2SeqTensors.of(model).values().stream().mapToLong(Tensor::length).sum();
    long story = longest + 1;
    boolean windows = plan.batch().tokensAtOnce() == longest;
    long forward = model.embedding() + model.features() + layers(model, prompt, story, windows);
    // a worker learns from its share, and the whole minibatch is scored at a time
    long numbers =
        forward
            * Math.max(
                2 * tokens(plan.batch(), plan.workers(), prompt, story),
                tokens(plan.batch(), 1, prompt, story));
    long task = STATE * parameters + numbers + LOGITS * model.vocabulary();
    long outer = OUTER + (plan.outer().weightAverage() > 0 ? AVERAGE : 0);
    return new MemoryNeed(FLOAT * (STATE + outer) * parameters, 0, FLOAT * task);
  }

  /** Numbers of a token in all layers. */
  private static long layers(Seq2SeqConfig model, long prompt, long story, boolean windows) {
    if (model.kind() == ModelKind.LSTM) {
      return model.layers() * LSTM * model.hidden() + prompt;
    }
    long inner = model.transformer().feedForward();
    long block = BLOCK + (windows ? KEPT : 0);
    return model.layers() * (block * model.hidden() + inner)
        + LAYER * model.hidden()
        + INNER * inner
        + WEIGHTS * Math.max(prompt, windows ? 2 * story : story);
  }

  /** Most tokens of the prompts and stories in a worker's share of a minibatch. */
  private static long tokens(BatchSize batch, long workers, long prompt, long story) {
    return batch.tokens() == 0
        ? (batch.pairs() + workers - 1) / workers * (prompt + story)
        : prompt + Math.max(story, 2 * ((batch.tokens() + workers - 1) / workers));
  }
}
