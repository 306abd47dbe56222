package storyloom.bench.grammar;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Writes a corpus in the WritingPrompts layout, {@code train|valid|test.wp_source} and {@code
 * .wp_target}, and the test prompts once more as {@code prompts.parquet}. Pairs are written as they
 * are drawn, never collected; files appear under their names only when all of them are whole.
 */
public final class CorpusWriter {

  /** The file of test prompts for {@code generate.jar}. */
  public static final String PROMPTS = "prompts.parquet";

  private CorpusWriter() {}

  /** The names of all files that {@link #write} writes. */
  public static List<String> fileNames() {
    List<String> names = new ArrayList<>();
    for (CorpusSplit split : CorpusSplit.values()) {
      names.add(source(split));
      names.add(target(split));
    }
    names.add(PROMPTS);
    return names;
  }

  /**
   * @param directory made if it is missing; files of the same names are replaced
   * @param size how many pairs each split gets
   * @throws IOException if a file cannot be written; the directory's files are then as before
   */
  public static void write(Path directory, PairGenerator generator, CorpusSize size)
      throws IOException {
    Files.createDirectories(directory);
    Path aside = Files.createTempDirectory(directory, ".writing-");
    try {
      for (CorpusSplit split : CorpusSplit.values()) {
        writeLines(aside, split, generator, size.pairs(split));
      }
      writePrompts(aside.resolve(PROMPTS), generator, size.pairs(CorpusSplit.TEST));
      for (String name : fileNames()) {
        Files.move(aside.resolve(name), directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
      }
    } finally {
      delete(aside);
    }
  }

  private static void writeLines(
      Path directory, CorpusSplit split, PairGenerator generator, long pairs) throws IOException {
    try (BufferedWriter sources =
            Files.newBufferedWriter(directory.resolve(source(split)), StandardCharsets.UTF_8);
        BufferedWriter targets =
            Files.newBufferedWriter(directory.resolve(target(split)), StandardCharsets.UTF_8);
        Stream<StoryPair> drawn = generator.pairs(split).limit(pairs)) {
      for (Iterator<StoryPair> each = drawn.iterator(); each.hasNext(); ) {
        StoryPair pair = each.next();
        sources.append(pair.prompt()).append('\n');
        targets.append(pair.story()).append('\n');
      }
    }
  }

  private static void writePrompts(Path file, PairGenerator generator, long pairs)
      throws IOException {
    try (PromptsParquet prompts = new PromptsParquet(file);
        Stream<StoryPair> drawn = generator.pairs(CorpusSplit.TEST).limit(pairs)) {
      for (Iterator<StoryPair> each = drawn.iterator(); each.hasNext(); ) {
        prompts.write(each.next());
      }
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }

  private static String source(CorpusSplit split) {
    return split.fileName() + ".wp_source";
  }

  private static String target(CorpusSplit split) {
    return split.fileName() + ".wp_target";
  }
}
