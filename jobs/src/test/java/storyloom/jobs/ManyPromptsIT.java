package storyloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Prompts stream through generate.jar: a process whose heap is smaller than the table writes a
 * story for each of its rows, and holds no more memory for many rows than for few.
 */
@Tag("cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ManyPromptsIT {

  private static final long MEGABYTE = 1 << 20;

  /** The smallest heap that Spark starts with, but for a little. */
  private static final long HEAP = 512 * MEGABYTE;

  /** Heap, Java's own memory, and what 64 rows at a time take. */
  private static final long PROCESS_BOUND = HEAP + 600 * MEGABYTE;

  /** Between two looks at the process. */
  private static final long PAUSE_MILLIS = 100;

  @TempDir static Path folder;

  @BeforeAll
  void train() {
    Path corpus = SmallCorpus.write(folder.resolve("corpus"));
    Commands.Result trained =
        Commands.train(
            SmallCorpus.training(folder.resolve("home"), corpus, "--set", "train.epochs=1"));
    assertThat(trained.status()).as("%s", trained.err()).isZero();
  }

  @Test
  void thirtyThousandPromptsOfTwentyKilobytesEach() throws Exception {
    requireFlat(30_000, 20_000);
  }

  @Test
  @Tag("soak")
  void aMillionPromptsOfAKilobyteEach() throws Exception {
    requireFlat(1_000_000, 1_000);
  }

  /**
   * @param width characters that each row carries besides its prompt
   */
  private void requireFlat(int rows, int width) throws Exception {
    assertThat((long) rows * width).isGreaterThan(HEAP);
    Path input = table(rows, width);
    List<String> arguments =
        List.of(
            "--input=" + input,
            "--output=" + folder.resolve("stories"),
            "--max-tokens=8",
            "--overwrite",
            "--set=home=" + folder.resolve("home"));
    try (BinCommand generating = start(arguments)) {
      long most = 0;
      while (generating.process().isAlive()) {
        most = Math.max(most, residentBytes(generating.process()));
        Thread.sleep(PAUSE_MILLIS);
      }

      BinCommand.Ended generated = generating.ended();
      assertThat(generated.status()).as(generated.err()).isZero();
      assertThat(generated.lastLine().get("stories").asLong()).isEqualTo(rows);
      assertThat(most).isBetween(HEAP / 2, PROCESS_BOUND);
    }
  }

  private static BinCommand start(List<String> arguments) throws IOException {
    List<String> line =
        new ArrayList<>(
            List.of(
                "--master",
                "local[2]",
                "--driver-memory",
                HEAP / MEGABYTE + "m",
                BinCommand.ROOT.resolve("jobs/generate.jar").toString()));
    line.addAll(arguments);
    // stories of thousands of prompts: the second compiler pays here
    return BinCommand.start(folder, "spark-submit", line, Map.of("SPARK_SUBMIT_OPTS", ""));
  }

  private static Path table(int rows, int width) {
    Path table = folder.resolve("prompts-" + rows + ".parquet");
    try (SparkSession spark =
        SparkSession.builder().master("local[2]").config("spark.ui.enabled", false).getOrCreate()) {
      spark
          .range(rows)
          .selectExpr(
              "id",
              "concat('anna finds a map and a ring ', id % 1000) as prompt",
              "repeat(cast(id % 10 as string), " + width + ") as note")
          .write()
          .parquet(table.toString());
    }
    return table;
  }

  /** 0 once the process has ended. */
  private static long residentBytes(ProcessHandle process) {
    try {
      return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElse(0);
    } catch (IOException ended) {
      return 0;
    }
  }
}
