package storyloom.serve.story;

import storyloom.model.settings.Settings;

/**
 * How stories are written on demand.
 *
 * @param rows stories, or drafts of a beam search, that are written at a time
 * @param queue orders that may wait
 * @param threads that compute
 */
public record WriterSettings(int rows, int queue, int threads) {

  /** Those below {@code serve}, with the rows of {@code decode.batch}. */
  public static WriterSettings of(Settings settings) {
    int threads = settings.integer("serve.threads");
    return new WriterSettings(
        settings.integer("decode.batch"),
        settings.integer("serve.queue"),
        threads == 0 ? Runtime.getRuntime().availableProcessors() : threads);
  }
}
