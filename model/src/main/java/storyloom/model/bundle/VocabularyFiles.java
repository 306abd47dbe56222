package storyloom.model.bundle;

import storyloom.model.files.ChecksummedDirectory;
import storyloom.model.text.token.Merges;
import storyloom.model.text.token.Vocabulary;

/**
 * A vocabulary in a directory with checksums: vocabulary.tsv, and merges.txt beside it where it has
 * merges.
 */
public final class VocabularyFiles {

  static final String VOCABULARY = "vocabulary.tsv";
  private static final String MERGES = "merges.txt";

  private VocabularyFiles() {}

  /**
   * Adds a vocabulary to a directory.
   *
   * @throws storyloom.model.UserException if it cannot be written
   */
  public static void write(ChecksummedDirectory.Writer directory, Vocabulary vocabulary) {
    directory.write(VOCABULARY, vocabulary::write);
    if (!vocabulary.merges().equals(Merges.NONE)) {
      directory.write(MERGES, vocabulary.merges()::write);
    }
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws storyloom.model.UserException of data if a file is missing or damaged
   */
  public static Vocabulary read(ChecksummedDirectory directory) {
    Vocabulary vocabulary =
        directory.read(VOCABULARY, (in, length, file) -> Vocabulary.read(in, file));
    return directory.lists(MERGES)
        ? vocabulary.with(directory.read(MERGES, (in, length, file) -> Merges.read(in, file)))
        : vocabulary;
  }
}
