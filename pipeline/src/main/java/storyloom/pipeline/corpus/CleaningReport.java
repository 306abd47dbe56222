package storyloom.pipeline.corpus;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What cleaning did to a corpus.
 *
 * @param splits what it did to each split that was given
 */
public record CleaningReport(SortedMap<Split, Counts> splits) {

  public CleaningReport {
    splits = Collections.unmodifiableSortedMap(new TreeMap<>(splits));
  }

  /**
   * What cleaning did to a split.
   *
   * @param read pairs that were read
   * @param changed pairs of those in which cleaning changed the prompt or the story
   * @param dropped pairs that were left out, by reason; reasons that never occurred are absent
   */
  public record Counts(long read, long changed, SortedMap<DropReason, Long> dropped) {

    public Counts {
      dropped = Collections.unmodifiableSortedMap(new TreeMap<>(dropped));
    }

    /** Pairs that remain. */
    public long kept() {
      return read - dropped.values().stream().mapToLong(Long::longValue).sum();
    }

    /** The counts in words: {@code 10 pairs read, 7 changed, 9 kept (dropped: 1 duplicate)}. */
    @Override
    public String toString() {
      String counts = String.format("%,d pairs read, %,d changed, %,d kept", read, changed, kept());
      String reasons =
          dropped.entrySet().stream()
              .map(entry -> String.format("%,d %s", entry.getValue(), entry.getKey()))
              .collect(Collectors.joining(", "));
      return reasons.isEmpty() ? counts : counts + " (dropped: " + reasons + ")";
    }
  }

  /** The report for people, one line a split. */
  public List<String> lines() {
    return splits.entrySet().stream().map(each -> each.getKey() + ": " + each.getValue()).toList();
  }
}
