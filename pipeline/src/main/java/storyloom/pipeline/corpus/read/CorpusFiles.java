package storyloom.pipeline.corpus.read;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/** Lists what stands at a path that is read as one. */
final class CorpusFiles {

  private CorpusFiles() {}

  /** The file itself, or what a folder and its folders hold, marks such as _SUCCESS left out. */
  static List<FileStatus> at(Path path, Configuration configuration) throws IOException {
    FileStatus status = path.getFileSystem(configuration).getFileStatus(path);
    if (status.isFile()) {
      return List.of(status);
    }
    List<FileStatus> files = new ArrayList<>();
    for (FileStatus each : path.getFileSystem(configuration).listStatus(path)) {
      char initial = each.getPath().getName().charAt(0);
      if (initial != '_' && initial != '.') {
        files.addAll(at(each.getPath(), configuration));
      }
    }
    return files;
  }
}
