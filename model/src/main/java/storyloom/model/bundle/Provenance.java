package storyloom.model.bundle;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import storyloom.model.settings.Settings;

/**
 * Where a model comes from: all that is needed to train it again.
 *
 * @param corpusHash SHA-256 over the pairs trained on, in hex
 * @param vocabularyHash SHA-256 of vocabulary.tsv and, with byte-pair encoding, of merges.txt
 *     behind it, in hex
 * @param seed train.seed
 * @param workers number of workers whose parameters were averaged
 * @param versions library → version
 * @param gitCommit commit of the program, or what stands for it where that is not known
 * @param createdAt when training ended
 * @param parent version of the model that training started from; null if it started from scratch
 * @param run name of the run, whose report lies in runs/; null where that is not known
 * @param corpusFiles file of the corpus → what it was read as, and a checksum of its content
 * @param settings every setting of the run, as {@link Settings#recorded(Map)} has it
 * @param metrics name → value, as measured at the end
 */
public record Provenance(
    String corpusHash,
    String vocabularyHash,
    long seed,
    int workers,
    SortedMap<String, String> versions,
    String gitCommit,
    Instant createdAt,
    String parent,
    String run,
    SortedMap<String, String> corpusFiles,
    SortedMap<String, String> settings,
    SortedMap<String, Double> metrics) {

  /** Copies the maps; only {@code parent} and {@code run} may be null. */
  public Provenance {
    requireNonNull(corpusHash, "corpusHash");
    requireNonNull(vocabularyHash, "vocabularyHash");
    requireNonNull(gitCommit, "gitCommit");
    requireNonNull(createdAt, "createdAt");
    versions = copy(versions, "versions");
    corpusFiles = copy(corpusFiles, "corpusFiles");
    settings = Settings.recorded(requireNonNull(settings, "settings"));
    metrics = copy(metrics, "metrics");
  }

  /** Of a model whose run and corpus files are not known. */
  public Provenance(
      String corpusHash,
      String vocabularyHash,
      long seed,
      int workers,
      SortedMap<String, String> versions,
      String gitCommit,
      Instant createdAt,
      String parent,
      SortedMap<String, String> settings,
      SortedMap<String, Double> metrics) {
    this(
        corpusHash,
        vocabularyHash,
        seed,
        workers,
        versions,
        gitCommit,
        createdAt,
        parent,
        null,
        new TreeMap<>(),
        settings,
        metrics);
  }

  private static <T> SortedMap<String, T> copy(Map<String, T> map, String name) {
    return Collections.unmodifiableSortedMap(new TreeMap<>(requireNonNull(map, name)));
  }
}
