package storyloom.model.text.token;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import storyloom.model.text.token.Merges.Pair;

/** Byte-pair encoding as the paper's own few lines do it: all pairs are counted for each merge. */
final class SimpleBpe {

  private SimpleBpe() {}

  /** The merges of words that are made of few characters, all of which get pieces. */
  static List<Pair> merges(List<TokenCount> words, int minCount, int limit) {
    Map<String, Long> characters = new HashMap<>();
    for (TokenCount word : words) {
      word.token().chars().forEach(c -> characters.merge((char) c + "@@", word.count(), Long::sum));
    }
    List<String> pieces = new ArrayList<>(List.of("</w>"));
    characters.entrySet().stream()
        .map(each -> new TokenCount(each.getKey(), each.getValue()))
        .sorted()
        .forEach(piece -> pieces.add(piece.token()));
    List<List<String>> rows = words.stream().map(word -> row(word.token())).toList();
    Set<Pair> merges = new LinkedHashSet<>();
    while (4 + 3 + 256 + pieces.size() < limit) {
      Map<Pair, Long> counts = new HashMap<>();
      for (int row = 0; row < rows.size(); row++) {
        for (int i = 0; i + 1 < rows.get(row).size(); i++) {
          counts.merge(pair(rows.get(row), i), words.get(row).count(), Long::sum);
        }
      }
      Pair first =
          counts.keySet().stream()
              .min(
                  Comparator.comparingLong((Pair pair) -> -counts.get(pair))
                      .thenComparingInt(pair -> pieces.indexOf(pair.left()))
                      .thenComparingInt(pair -> pieces.indexOf(pair.right())))
              .orElse(null);
      if (first == null || counts.get(first) < minCount) {
        break;
      }
      merges.add(first);
      if (!pieces.contains(first.merged())) {
        pieces.add(first.merged());
      }
      rows.forEach(row -> merge(row, first));
    }
    return List.copyOf(merges);
  }

  private static List<String> row(String word) {
    List<String> row =
        word.chars()
            .mapToObj(c -> (char) c + "@@")
            .collect(Collectors.toCollection(ArrayList::new));
    row.add("</w>");
    return row;
  }

  private static Pair pair(List<String> row, int i) {
    return new Pair(row.get(i), row.get(i + 1));
  }

  private static void merge(List<String> row, Pair pair) {
    for (int i = 0; i + 1 < row.size(); i++) {
      if (pair(row, i).equals(pair)) {
        row.set(i, pair.merged());
        row.remove(i + 1);
      }
    }
  }
}
