package storyloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/** Stories as they come out of generate.jar. */
final class CommandOutput {

  private CommandOutput() {}

  /** Generates, and reads the stories in the order of the table. */
  static List<String> stories(Path home, Path input, Path output, String batch, String... options) {
    List<String> args = new ArrayList<>(List.of(options));
    args.addAll(List.of("--input", input.toString(), "--output", output.toString()));
    args.addAll(List.of("--batch", batch, "--set", "home=" + home));
    Commands.Result told = Commands.generate(args.toArray(String[]::new));
    assertThat(told.status()).as("%s", told.err()).isZero();
    return read(output);
  }

  /** Reads what generate.jar wrote, in the order of the prompts. */
  static List<String> read(Path output) {
    try (SparkSession spark =
        SparkSession.builder().master("local[1]").config("spark.ui.enabled", false).getOrCreate()) {
      return spark
          .read()
          .parquet(output.toString())
          .orderBy("prompt")
          .select("story")
          .collectAsList()
          .stream()
          .map(row -> row.getString(0))
          .toList();
    }
  }
}
