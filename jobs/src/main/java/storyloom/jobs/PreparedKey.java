package storyloom.jobs;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Map.Entry;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import storyloom.model.settings.Settings;

/**
 * The name of a prepared corpus: a hash of all that decides what is in it. The files' content, the
 * settings {@code corpus.} and {@code text.}, the number of workers, the vocabulary to start with
 * and the program.
 */
final class PreparedKey {

  private static final int LENGTH = 32;

  private PreparedKey() {}

  /**
   * The key of what these settings make of a corpus.
   *
   * @param content hash of the corpus's files
   * @param workers shards of each split
   * @param grownFrom hash of the vocabulary that is kept and appended to; empty for none
   */
  static String of(Settings settings, String content, int workers, String grownFrom) {
    Stream<String> chosen =
        settings.all().entrySet().stream()
            .filter(
                each -> each.getKey().startsWith("corpus.") || each.getKey().startsWith("text."))
            .map(PreparedKey::line);
    Map<String, String> rest =
        Map.of(
            "content", content,
            "workers", Integer.toString(workers),
            "grown-from", grownFrom,
            "version", BuildInfo.versions().get("storyloom"),
            "commit", BuildInfo.gitCommit());
    String all =
        Stream.concat(chosen, rest.entrySet().stream().map(PreparedKey::line).sorted())
            .collect(Collectors.joining());
    return DigestUtils.sha256Hex(all.getBytes(StandardCharsets.UTF_8)).substring(0, LENGTH);
  }

  private static String line(Entry<String, String> entry) {
    return entry.getKey() + "=" + entry.getValue() + "\n";
  }
}
