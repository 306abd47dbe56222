package storyloom.jobs.run;

import java.util.Map;
import java.util.Map.Entry;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import storyloom.jobs.cli.BuildInfo;
import storyloom.model.files.Sha256;
import storyloom.model.settings.Settings;

/**
 * What decides what is in a prepared corpus: what it is made of, which is the files' content, the
 * settings {@code corpus.} and {@code text.}, the number of workers and the program; and the
 * vocabulary that is kept and appended to.
 *
 * @param madeOf hash of all but the vocabulary
 * @param grownFrom hash of the vocabulary; empty for none
 */
public record PreparedKey(String madeOf, String grownFrom) {

  private static final int LENGTH = 32;

  /**
   * Of what these settings make of a corpus.
   *
   * @param content hash of the corpus's files
   * @param workers shards of each split
   * @param grownFrom hash of the vocabulary that is kept and appended to; empty for none
   */
  public static PreparedKey of(Settings settings, String content, int workers, String grownFrom) {
    Stream<String> chosen =
        settings.all().entrySet().stream()
            .filter(
                each -> each.getKey().startsWith("corpus.") || each.getKey().startsWith("text."))
            .map(PreparedKey::line);
    Map<String, String> rest =
        Map.of(
            "content", content,
            "workers", Integer.toString(workers),
            "version", BuildInfo.versions().get("storyloom"),
            "commit", BuildInfo.gitCommit());
    String all =
        Stream.concat(chosen, rest.entrySet().stream().map(PreparedKey::line).sorted())
            .collect(Collectors.joining());
    return new PreparedKey(hash(all), grownFrom);
  }

  /** The name of the prepared corpus. */
  public String name() {
    return hash(madeOf + grownFrom);
  }

  private static String hash(String text) {
    return Sha256.hex(text).substring(0, LENGTH);
  }

  private static String line(Entry<String, String> entry) {
    return entry.getKey() + "=" + entry.getValue() + "\n";
  }
}
