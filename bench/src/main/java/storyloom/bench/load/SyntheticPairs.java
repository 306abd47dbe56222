package storyloom.bench.load;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import storyloom.bench.grammar.Grammar;
import storyloom.bench.grammar.PairGenerator;
import storyloom.bench.grammar.PairGenerator.StoryLength;
import storyloom.bench.grammar.PairGenerator.StoryPair;
import storyloom.model.text.token.Vocabulary;
import storyloom.pipeline.batch.EncodedPair;
import storyloom.pipeline.corpus.read.Split;

/** Pairs in any number, to measure on: as ids, or as files of text. The same ones each time. */
public final class SyntheticPairs {

  private static final long SEED = 1;

  private static final StoryLength LENGTH = new StoryLength(0, 1, 25, 60);
  private static final long PART = 10_000;
  private static final List<String> SIDES = List.of(".wp_source", ".wp_target");

  private SyntheticPairs() {}

  /**
   * Pairs of ids drawn evenly from a vocabulary, all of the same lengths.
   *
   * @param count number of pairs
   * @param vocabulary V; special tokens are not drawn
   * @param promptTokens length of each prompt
   * @param storyTokens length of each story, {@code <end>} not counted
   */
  public static List<EncodedPair> ids(
      int count, int vocabulary, int promptTokens, int storyTokens) {
    Random random = new Random(SEED);
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                new EncodedPair(
                    ids(random, promptTokens, vocabulary), ids(random, storyTokens, vocabulary)))
        .toList();
  }

  private static int[] ids(Random random, int length, int vocabulary) {
    return random.ints(length, Vocabulary.FIRST_WORD, vocabulary).toArray();
  }

  /**
   * Writes a training split from the project's own grammar, about 60 words a pair, as {@code
   * train.wp_source} and {@code train.wp_target}. Parts are drawn side by side by tasks, from seeds
   * of their own, written as they are drawn, and joined on the disk.
   *
   * @param folder of this machine, which all tasks run on
   */
  public static void writeCorpus(JavaSparkContext context, Path folder, long pairs)
      throws IOException {
    int parts = (int) ((pairs + PART - 1) / PART);
    String into = folder.toString();
    context.setJobDescription("write " + pairs + " synthetic pairs");
    context
        .parallelize(IntStream.range(0, parts).boxed().toList(), parts)
        .foreach(part -> writePart(Path.of(into), part, Math.min(PART, pairs - part * PART)));
    for (String side : SIDES) {
      join(folder, side, parts);
    }
  }

  private static void writePart(Path folder, int part, long pairs) {
    PairGenerator generator = new PairGenerator(Grammar.ofStories(), LENGTH, part);
    try (BufferedWriter prompts = Files.newBufferedWriter(part(folder, part, SIDES.get(0)));
        BufferedWriter stories = Files.newBufferedWriter(part(folder, part, SIDES.get(1)));
        Stream<StoryPair> drawn = generator.pairs(Split.TRAIN).limit(pairs)) {
      for (Iterator<StoryPair> each = drawn.iterator(); each.hasNext(); ) {
        StoryPair pair = each.next();
        prompts.append(pair.prompt()).append('\n');
        stories.append(pair.story()).append('\n');
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static void join(Path folder, String side, int parts) throws IOException {
    try (FileChannel whole =
        FileChannel.open(
            folder.resolve(Split.TRAIN + side),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE)) {
      for (int number = 0; number < parts; number++) {
        Path part = part(folder, number, side);
        try (FileChannel from = FileChannel.open(part)) {
          for (long at = 0; at < from.size(); ) {
            at += from.transferTo(at, from.size() - at, whole);
          }
        }
        Files.delete(part);
      }
    }
  }

  private static Path part(Path folder, int number, String side) {
    return folder.resolve("part-" + number + side);
  }
}
