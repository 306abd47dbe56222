package storyloom.pipeline.corpus.read;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The splits of a corpus. A split's files are named after it: {@code train.wp_source}. */
public enum Split {
  /** What the model learns from. */
  TRAIN,
  /** What each epoch is validated on. */
  VALID,
  /** What nothing looks at before the end. */
  TEST;

  /** The split of that name, if it is one's. */
  public static Optional<Split> named(String stem) {
    return Arrays.stream(values()).filter(split -> split.toString().equals(stem)).findFirst();
  }

  /** The name in files and messages: {@code train}, {@code valid} or {@code test}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
