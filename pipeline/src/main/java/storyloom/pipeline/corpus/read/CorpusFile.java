package storyloom.pipeline.corpus.read;

import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;

/**
 * A file that may belong to a corpus, read off its name; a compression's ending is passed over.
 *
 * @param path where it is
 * @param stem the name without its endings: {@code train}
 * @param format the layout its ending stands for
 * @param ending that ending: {@code .wp_source}
 */
record CorpusFile(Path path, String stem, CorpusFormat format, String ending) {

  /** The file at a path, or nothing if its name has none of the endings of a corpus. */
  static Optional<CorpusFile> at(Path path, CompressionCodecFactory codecs) {
    CompressionCodec codec = codecs.getCodec(path);
    String name =
        codec == null
            ? path.getName()
            : CompressionCodecFactory.removeSuffix(path.getName(), codec.getDefaultExtension());
    for (CorpusFormat format : CorpusFormat.values()) {
      for (String ending : format.endings()) {
        if (name.endsWith(ending)) {
          String stem = name.substring(0, name.length() - ending.length());
          return Optional.of(new CorpusFile(path, stem, format, ending));
        }
      }
    }
    return Optional.empty();
  }

  /**
   * Whether a directory of this name is read as one file, as Spark writes Parquet, JSON and CSV.
   */
  boolean mayBeDirectory() {
    return format != CorpusFormat.LINES;
  }

  /** Which of the files that stand for the same pairs this is: 1 for stories in a file apart. */
  int half() {
    return format == CorpusFormat.LINES ? format.endings().indexOf(ending) : 0;
  }
}
