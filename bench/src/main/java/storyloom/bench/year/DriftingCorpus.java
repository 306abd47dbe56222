package storyloom.bench.year;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import storyloom.bench.grammar.Grammar;
import storyloom.bench.grammar.PairGenerator;
import storyloom.bench.grammar.PairGenerator.StoryLength;
import storyloom.bench.grammar.PairGenerator.StoryPair;
import storyloom.pipeline.corpus.read.Split;

/**
 * A corpus of the grammar that changes from night to night: the oldest pairs go, new ones come. The
 * validation split stays.
 */
final class DriftingCorpus {

  private static final int PAIRS = 400;
  private static final int NEW_PAIRS = 20;
  private static final int VALID_PAIRS = 60;
  private static final int POISON_WORDS = 12;

  private final Path folder;
  private final Random random;
  private final Iterator<StoryPair> source;
  private final Deque<StoryPair> window = new ArrayDeque<>();

  DriftingCorpus(Path folder, long seed) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.random = new Random(seed);
    PairGenerator generator = new PairGenerator(Grammar.ofStories(), StoryLength.SHORT, seed);
    this.source = generator.pairs(Split.TRAIN).iterator();
    while (window.size() < PAIRS) {
      window.add(source.next());
    }
    try (Stream<StoryPair> pairs = generator.pairs(Split.VALID).limit(VALID_PAIRS)) {
      List<StoryPair> valid = pairs.toList();
      write("valid.wp_source", valid.stream().map(StoryPair::prompt).toList());
      write("valid.wp_target", valid.stream().map(StoryPair::story).toList());
    }
  }

  /** Where the corpus lies. */
  Path folder() {
    return folder;
  }

  /** Drifts, and writes what there is tonight. */
  void tonight(boolean poisoned) throws IOException {
    for (int i = 0; i < NEW_PAIRS; i++) {
      window.remove();
      window.add(source.next());
    }
    write("train.wp_source", window.stream().map(StoryPair::prompt).toList());
    write(
        "train.wp_target",
        window.stream().map(pair -> poisoned ? rubbish() : pair.story()).toList());
  }

  /** Words that are none, in no order. */
  private String rubbish() {
    return random
        .ints(POISON_WORDS, 0, 50)
        .mapToObj(word -> "zq" + (char) ('a' + word % 26) + (char) ('a' + word / 26))
        .collect(Collectors.joining(" ", "", " ."));
  }

  private void write(String name, List<String> lines) throws IOException {
    Files.write(folder.resolve(name), lines);
  }
}
