package storyloom.pipeline.corpus.read;

import org.apache.hadoop.fs.Path;

/** How files of a corpus are called in reports. */
final class Place {

  private Place() {}

  /** The last two parts of a path, which tell the files of a corpus apart. */
  static String shortName(Path file) {
    Path folder = file.getParent();
    return folder == null || folder.getName().isEmpty()
        ? file.getName()
        : folder.getName() + "/" + file.getName();
  }
}
