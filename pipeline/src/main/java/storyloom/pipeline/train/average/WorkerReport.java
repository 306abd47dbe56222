package storyloom.pipeline.train.average;

import java.nio.ByteBuffer;
import storyloom.model.nn.loss.LossTally;

/**
 * What a worker says of a round.
 *
 * @param worker counted from 0
 * @param tally loss and accuracy of its minibatches, each before its update
 * @param minibatches how many it trained on
 * @param loadNanos time to take the round's state
 * @param computeNanos time in training alone
 * @param gradientNorm norm of its last gradient, before clipping
 */
record WorkerReport(
    int worker,
    LossTally tally,
    int minibatches,
    long loadNanos,
    long computeNanos,
    double gradientNorm) {

  private static final int BYTES = 2 * Double.BYTES + 4 * Long.BYTES + 2 * Integer.BYTES;

  /** Whether loss and gradient are numbers: where they are not, the training has diverged. */
  boolean isFinite() {
    return Double.isFinite(tally.nll()) && Double.isFinite(gradientNorm);
  }

  byte[] toBytes() {
    return ByteBuffer.allocate(BYTES)
        .putInt(worker)
        .putDouble(tally.nll())
        .putLong(tally.tokens())
        .putLong(tally.correct())
        .putInt(minibatches)
        .putLong(loadNanos)
        .putLong(computeNanos)
        .putDouble(gradientNorm)
        .array();
  }

  static WorkerReport read(ByteBuffer bytes) {
    return new WorkerReport(
        bytes.getInt(),
        new LossTally(bytes.getDouble(), bytes.getLong(), bytes.getLong()),
        bytes.getInt(),
        bytes.getLong(),
        bytes.getLong(),
        bytes.getDouble());
  }
}
