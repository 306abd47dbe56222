package storyloom.bench;

import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import storyloom.bench.load.IdsFile;

/** The options that say which stories are to be written, by which model. */
final class DecodeLoad {

  @Option(names = "--ids", required = true, description = "Pairs as ids, JSON lines.")
  private Path ids;

  @Mixin private WritingOptions writing;

  /** The file of the pairs. */
  Path ids() {
    return ids;
  }

  /** Reads the pairs. */
  IdsFile pairs() throws IOException {
    return IdsFile.read(ids);
  }

  /** By which model, and how long. */
  WritingOptions writing() {
    return writing;
  }
}
