package storyloom.pipeline.train;

import java.io.Serializable;

/**
 * What one worker puts into the reduction of one slice.
 *
 * @param tokens its weight: target tokens it trained on in the round
 * @param bytes the slice's numbers, or a {@link WorkerReport} in the slice behind the last
 */
record Share(long tokens, byte[] bytes) implements Serializable {}
