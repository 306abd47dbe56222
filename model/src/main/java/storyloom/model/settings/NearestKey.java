package storyloom.model.settings;

import static java.util.Comparator.comparing;

import java.util.Collection;

/** Finds the known key that a misspelt one most likely stands for. */
final class NearestKey {

  private NearestKey() {}

  /**
   * The known key with the least Levenshtein distance, of the whole key or, at the cost of one edit
   * more, of its last element alone ({@code epochs} for {@code train.epochs}).
   *
   * @param known at least one key
   */
  static String to(String key, Collection<String> known) {
    return known.stream()
        .min(comparing((String candidate) -> cost(key, candidate)).thenComparing(k -> k))
        .orElseThrow();
  }

  private static int cost(String key, String candidate) {
    return Math.min(distance(key, candidate), 1 + distance(last(key), last(candidate)));
  }

  private static String last(String key) {
    return key.substring(key.lastIndexOf('.') + 1);
  }

  /** Least number of insertions, deletions and replacements that turn {@code a} into {@code b}. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
