package storyloom.bench.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import storyloom.bench.grammar.CorpusWriter.CorpusSize;
import storyloom.bench.grammar.PairGenerator.StoryLength;
import storyloom.bench.grammar.PairGenerator.StoryPair;
import storyloom.pipeline.corpus.read.Split;

class CorpusWriterTest {

  private static final Grammar GRAMMAR = Grammar.ofStories();

  @TempDir private Path folder;

  @Test
  void lineIOfTheStoriesBelongsToLineIOfThePrompts() throws Exception {
    PairGenerator generator = new PairGenerator(GRAMMAR, StoryLength.SHORT, 7);

    CorpusWriter.write(folder, generator, new CorpusSize(100));

    List<StoryPair> pairs = generator.pairs(Split.TRAIN).limit(100).toList();
    assertThat(Files.readAllLines(folder.resolve("train.wp_source")))
        .isEqualTo(pairs.stream().map(StoryPair::prompt).toList());
    assertThat(Files.readAllLines(folder.resolve("train.wp_target")))
        .isEqualTo(pairs.stream().map(StoryPair::story).toList());
    assertThat(Files.readString(folder.resolve("train.wp_target")))
        .endsWith(".\n")
        .doesNotContain("\r");
  }

  @Test
  void aFailedRunLeavesTheFolderAsItWas() throws Exception {
    Files.writeString(folder.resolve("train.wp_source"), "mine");
    PairGenerator failing = new PairGenerator(GRAMMAR, new StoryLength(0, 0, 500, 600), 1);

    assertThatThrownBy(() -> CorpusWriter.write(folder, failing, new CorpusSize(100)))
        .isInstanceOf(IllegalArgumentException.class);

    assertThat(folder).isDirectoryContaining(path -> path.endsWith("train.wp_source"));
    assertThat(folder.toFile().list()).containsExactly("train.wp_source");
    assertThat(folder.resolve("train.wp_source")).hasContent("mine");
  }

  @Test
  void validationAndTestSplitsGrowWithTheTrainingSplit() {
    assertThat(new CorpusSize(5000).pairs(Split.VALID)).isEqualTo(300);
    assertThat(new CorpusSize(5000).pairs(Split.TEST)).isEqualTo(200);
    assertThat(new CorpusSize(1).pairs(Split.TEST)).isEqualTo(1);
    assertThatThrownBy(() -> new CorpusSize(0))
        .hasMessage("a corpus needs at least 1 training pair, not 0");
  }
}
