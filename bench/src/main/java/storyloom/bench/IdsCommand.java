package storyloom.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import storyloom.model.UserException;
import storyloom.model.bundle.Bundle;
import storyloom.model.text.PairVocabulary;
import storyloom.model.text.TextCodec;
import storyloom.pipeline.corpus.read.CorpusReader;

/**
 * {@code bin/bench ids}: the ids that a bundle gives a text, for the PyTorch yardstick. One JSON
 * object a pair, {@code {"prompt": […], "story": […]}}, cut as training and evaluation cut them,
 * without {@code <start>} and {@code <end>}.
 */
@Command(
    name = "ids",
    mixinStandardHelpOptions = true,
    description = "Writes the ids a bundle gives a text, as JSON lines.")
final class IdsCommand implements Callable<Integer> {

  @Option(names = "--model", required = true, description = "The bundle's directory.")
  private String model;

  @Option(names = "--source", required = true, description = "Prompts, one a line.")
  private String source;

  @Option(names = "--target", required = true, description = "Stories, line by line.")
  private String target;

  @Option(names = "--out", required = true, description = "The file to write.")
  private Path out;

  @Override
  public Integer call() {
    long pairs = 0;
    try (SparkSession session = SparkSession.builder().master("local[2]").getOrCreate();
        Bundle bundle = Bundle.read(new org.apache.hadoop.fs.Path(model), new Configuration());
        Writer writer = Files.newBufferedWriter(out, StandardCharsets.UTF_8)) {
      TextCodec codec = new TextCodec(bundle.text(), bundle.vocabulary());
      ObjectMapper json = new ObjectMapper();
      Iterator<Row> rows = CorpusReader.readAligned(session, source, target).toLocalIterator();
      while (rows.hasNext()) {
        Row row = rows.next();
        Map<String, int[]> ids = new LinkedHashMap<>();
        List<String> prompt = codec.cutPrompt(codec.promptTokens(row.getString(0)));
        PairVocabulary words =
            PairVocabulary.of(codec.vocabulary(), prompt, bundle.config().copy());
        ids.put("prompt", words.ids(prompt));
        ids.put("story", words.ids(codec.storyTokens(row.getString(1))));
        writer.write(json.writeValueAsString(ids) + "\n");
        pairs++;
      }
    } catch (IOException failure) {
      throw UserException.usage("cannot write " + out + ": " + failure.getMessage(), failure);
    }
    System.out.println("{\"pairs\": " + pairs + ", \"out\": \"" + out + "\"}");
    return 0;
  }
}
