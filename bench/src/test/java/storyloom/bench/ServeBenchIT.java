package storyloom.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged service, measured with a few clients. */
class ServeBenchIT {

  @TempDir private Path folder;

  @Test
  void theServiceIsMeasuredBesideDecode() throws Exception {
    Path ids = folder.resolve("ids.jsonl");
    Files.write(ids, Collections.nCopies(12, "{\"prompt\": [5, 6, 7], \"story\": [8]}"));
    JsonNode figures =
        BenchRun.of(
                "serve",
                "--ids",
                ids.toString(),
                "--vocabulary",
                "50",
                "--embedding",
                "4",
                "--hidden",
                "4",
                "--clients",
                "4",
                "--rounds",
                "1",
                "--few",
                "8",
                "--max-story",
                "6",
                "--no-end")
            .figures();
    for (String figure :
        new String[] {
          "stories_per_second",
          "tokens_per_second",
          "share_of_decode",
          "p99_ms",
          "p99_of_8_by_p50_of_1",
          "start_seconds"
        }) {
      assertThat(figures.get(figure).doubleValue()).as(figure).isPositive();
    }
  }
}
