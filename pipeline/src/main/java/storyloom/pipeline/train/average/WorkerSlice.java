package storyloom.pipeline.train.average;

import java.io.Serializable;

/**
 * What one worker puts into the reduction of one slice.
 *
 * @param tokens its weight: target tokens it trained on in the round
 * @param bytes the slice's numbers, or a {@link WorkerReport} in the slice behind the last
 */
public record WorkerSlice(long tokens, byte[] bytes) implements Serializable {}
