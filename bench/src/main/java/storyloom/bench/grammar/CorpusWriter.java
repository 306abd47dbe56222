package storyloom.bench.grammar;

import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;
import storyloom.bench.grammar.PairGenerator.StoryPair;
import storyloom.pipeline.corpus.read.Split;

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
    for (Split split : Split.values()) {
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
      for (Split split : Split.values()) {
        writeLines(aside, split, generator, size.pairs(split));
      }
      writePrompts(aside.resolve(PROMPTS), generator, size.pairs(Split.TEST));
      for (String name : fileNames()) {
        Files.move(aside.resolve(name), directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
      }
    } finally {
      delete(aside);
    }
  }

  private static void writeLines(Path directory, Split split, PairGenerator generator, long pairs)
      throws IOException {
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
        Stream<StoryPair> drawn = generator.pairs(Split.TEST).limit(pairs)) {
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

  private static String source(Split split) {
    return split + ".wp_source";
  }

  private static String target(Split split) {
    return split + ".wp_target";
  }

  /**
   * How many pairs a corpus has: beside those to train on, 6 % as many to validate and 4 % as many
   * to test, one at least.
   *
   * @param trainPairs the pairs of the training split
   */
  public record CorpusSize(long trainPairs) {

    private static final double VALID_SHARE = 0.06;
    private static final double TEST_SHARE = 0.04;

    /**
     * @throws IllegalArgumentException if there is no pair to train on
     */
    public CorpusSize {
      if (trainPairs < 1) {
        throw new IllegalArgumentException(
            "a corpus needs at least 1 training pair, not " + trainPairs);
      }
    }

    /** The number of pairs in that split. */
    public long pairs(Split split) {
      return switch (split) {
        case TRAIN -> trainPairs;
        case VALID -> Math.max(1, Math.round(trainPairs * VALID_SHARE));
        case TEST -> Math.max(1, Math.round(trainPairs * TEST_SHARE));
      };
    }
  }

  /**
   * Writes prompts as one Parquet file with the columns id (long), prompt, hero and object
   * (strings); one row at a time.
   */
  private static final class PromptsParquet implements Closeable {

    private static final MessageType SCHEMA =
        Types.buildMessage()
            .required(PrimitiveTypeName.INT64)
            .named("id")
            .required(PrimitiveTypeName.BINARY)
            .as(LogicalTypeAnnotation.stringType())
            .named("prompt")
            .required(PrimitiveTypeName.BINARY)
            .as(LogicalTypeAnnotation.stringType())
            .named("hero")
            .required(PrimitiveTypeName.BINARY)
            .as(LogicalTypeAnnotation.stringType())
            .named("object")
            .named("prompts");

    private final SimpleGroupFactory rows = new SimpleGroupFactory(SCHEMA);
    private final ParquetWriter<Group> writer;
    private long lastId;

    /**
     * @param file a local file that does not exist yet
     */
    PromptsParquet(Path file) throws IOException {
      Configuration configuration = new Configuration();
      // Hadoop's usual local file system leaves a .crc file beside each file it writes.
      configuration.setClass("fs.file.impl", RawLocalFileSystem.class, FileSystem.class);
      configuration.setBoolean("fs.file.impl.disable.cache", true);
      this.writer =
          ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(file.toUri()))
              .withConf(configuration)
              .withType(SCHEMA)
              .build();
    }

    /** Adds a row; its id is its number, from 1. */
    void write(StoryPair pair) throws IOException {
      lastId++;
      writer.write(
          rows.newGroup()
              .append("id", lastId)
              .append("prompt", pair.prompt())
              .append("hero", pair.hero())
              .append("object", pair.object()));
    }

    @Override
    public void close() throws IOException {
      writer.close();
    }
  }
}
