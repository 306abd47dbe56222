package storyloom.pipeline.train;

import java.nio.ByteBuffer;
import storyloom.model.nn.kernel.TokenTally;

/**
 * What a worker says of a round.
 *
 * @param tally loss and accuracy of its minibatches, each before its update
 * @param minibatches how many it trained on
 * @param computeNanos time in training alone
 * @param gradientNorm norm of its last gradient, before clipping
 */
record WorkerReport(TokenTally tally, int minibatches, long computeNanos, double gradientNorm) {

  private static final int BYTES = 2 * Double.BYTES + 3 * Long.BYTES + Integer.BYTES;

  byte[] toBytes() {
    return ByteBuffer.allocate(BYTES)
        .putDouble(tally.nll())
        .putLong(tally.tokens())
        .putLong(tally.correct())
        .putInt(minibatches)
        .putLong(computeNanos)
        .putDouble(gradientNorm)
        .array();
  }

  static WorkerReport read(ByteBuffer bytes) {
    return new WorkerReport(
        new TokenTally(bytes.getDouble(), bytes.getLong(), bytes.getLong()),
        bytes.getInt(),
        bytes.getLong(),
        bytes.getDouble());
  }
}
