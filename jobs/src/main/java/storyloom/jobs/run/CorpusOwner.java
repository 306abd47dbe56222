package storyloom.jobs.run;

import org.apache.hadoop.fs.Path;

/** Whom a corpus is prepared for: it stays as long as that one needs it. */
public interface CorpusOwner {

  /**
   * Says which prepared corpus is needed.
   *
   * @param name of the prepared corpus
   * @param own the name it would have if it were made for this one
   * @throws storyloom.model.UserException of data if that cannot be written down
   */
  void need(String name, String own);

  /** Folder for the report of the cleaning. */
  Path reports();
}
