package storyloom.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** The weights that a training has ended in. */
final class TrainedWeights {

  private TrainedWeights() {}

  /**
   * The line of the weights among a model's checksums.
   *
   * @param lastLine of train.jar, which says where the model is
   * @param client how that place is reached
   */
  static String sha256(JsonNode lastLine, Configuration client) throws IOException {
    Path sums = new Path(lastLine.get("path").textValue(), "SHA256SUMS");
    try (InputStream in = sums.getFileSystem(client).open(sums)) {
      return new String(in.readAllBytes(), UTF_8)
          .lines()
          .filter(line -> line.endsWith("  weights.safetensors"))
          .findFirst()
          .orElseThrow();
    }
  }
}
