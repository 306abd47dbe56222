package storyloom.pipeline.corpus.read;

import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;

/** A path for readers that take every path for a pattern, such as Hadoop's and Spark's. */
final class ExactPath {

  private static final Pattern WILDCARD = Pattern.compile("[\\[\\]{}*?\\\\]");

  private ExactPath() {}

  /** A pattern that only this path matches. */
  static Path of(Path path) {
    return new Path(WILDCARD.matcher(path.toString()).replaceAll("\\\\$0"));
  }
}
