package storyloom.jobs.report;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A setting's values as places on an axis.
 *
 * @param words what is no number, in the order of the alphabet; empty where all are numbers
 */
record SettingAxis(List<String> words, List<Double> places) {

  /** Values that are further apart than so many times are shown on a logarithmic axis. */
  private static final double STEEP = 20;

  static SettingAxis of(List<String> values) {
    List<String> words = values.stream().distinct().sorted().toList();
    boolean isNumber = words.stream().allMatch(word -> word.matches("-?[0-9.]+(E-?[0-9]+)?"));
    return isNumber
        ? new SettingAxis(List.of(), values.stream().map(Double::valueOf).toList())
        : new SettingAxis(
            words.stream().map(word -> word.isEmpty() ? "none" : word).toList(),
            values.stream().map(value -> (double) words.indexOf(value)).toList());
  }

  /** What belongs to each value, by the values' words. */
  SortedMap<String, List<Double>> byWord(List<Double> judged) {
    SortedMap<String, List<Double>> byWord = new TreeMap<>();
    for (int i = 0; i < judged.size(); i++) {
      byWord
          .computeIfAbsent(words.get(places.get(i).intValue()), word -> new ArrayList<>())
          .add(judged.get(i));
    }
    return byWord;
  }

  boolean isLogarithmic() {
    double least = places.stream().mapToDouble(Double::doubleValue).min().orElse(0);
    double most = places.stream().mapToDouble(Double::doubleValue).max().orElse(0);
    return words.isEmpty() && least > 0 && most / least >= STEEP;
  }
}
