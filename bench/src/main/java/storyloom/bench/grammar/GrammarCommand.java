package storyloom.bench.grammar;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import storyloom.bench.grammar.CorpusWriter.CorpusSize;
import storyloom.bench.grammar.PairGenerator.StoryLength;
import storyloom.model.UserException;
import storyloom.pipeline.corpus.read.Split;

/** {@code bin/bench grammar}: writes a corpus of made-up prompts and stories. */
@Command(
    name = "grammar",
    mixinStandardHelpOptions = true,
    description =
        "Writes prompts and stories from the project's own grammar: WritingPrompts files and prompts.parquet.")
public final class GrammarCommand implements Callable<Integer> {

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "data",
      description = "Folder to write into. Default: ${DEFAULT-VALUE}")
  private Path out;

  @Option(
      names = "--pairs",
      paramLabel = "N",
      defaultValue = "5000",
      description =
          "Training pairs; 6 %% as many for validation and 4 %% as many for test come on top. Default: ${DEFAULT-VALUE}")
  private long pairs;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "The same seed writes the same files. Default: ${DEFAULT-VALUE}")
  private long seed;

  @Option(names = "--overwrite", description = "Replace files that are there already.")
  private boolean overwrite;

  @Spec private CommandSpec command;

  @Override
  public Integer call() throws IOException {
    if (pairs < 1) {
      throw UserException.usage("--pairs must be at least 1, not " + pairs);
    }
    if (Files.exists(out) && !Files.isDirectory(out)) {
      throw UserException.usage("--out must be a folder, but " + out + " is a file");
    }
    for (String name : CorpusWriter.fileNames()) {
      if (!overwrite && Files.exists(out.resolve(name))) {
        throw UserException.usage(
            out.resolve(name) + " exists; give --overwrite to replace it, or another --out");
      }
    }
    CorpusSize size = new CorpusSize(pairs);
    CorpusWriter.write(out, new PairGenerator(Grammar.ofStories(), StoryLength.SHORT, seed), size);
    command
        .commandLine()
        .getOut()
        .printf(
            "Wrote %d training, %d validation and %d test pairs and %s to %s%n",
            size.pairs(Split.TRAIN),
            size.pairs(Split.VALID),
            size.pairs(Split.TEST),
            CorpusWriter.PROMPTS,
            out);
    return 0;
  }
}
