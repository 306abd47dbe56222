package storyloom.pipeline.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import storyloom.model.UserException;
import storyloom.model.files.Sha256;
import storyloom.pipeline.LocalSpark;
import storyloom.pipeline.ResultSizes;
import storyloom.pipeline.corpus.read.Split;
import storyloom.pipeline.corpus.report.CleaningReport;

class CorpusTest {

  @TempDir Path folder;

  private final List<CleaningReport> reports = new ArrayList<>();

  @Test
  void givenSplitsAreKept() throws IOException {
    write("train", "p\nq\nq\n", "s\nt\nt\n");
    write("valid", "u\n", "v\n");
    write("test", "x\n", "y\n");

    try (Corpus corpus = prepare()) {
      assertThat(Pairs.in(corpus.train())).containsExactly("p|s", "q|t");
      assertThat(Pairs.in(corpus.valid())).containsExactly("u|v");
      assertThat(Pairs.in(corpus.test().orElseThrow())).containsExactly("x|y");
      assertThat(corpus.pairs())
          .isEqualTo(Map.of(Split.TRAIN, 2L, Split.VALID, 1L, Split.TEST, 1L));
      assertThat(reports).containsExactly(corpus.report());
      assertThat(corpus.report().split(Split.TRAIN).orElseThrow().read()).isEqualTo(3);
    }
  }

  @Test
  void validationPairsAreTakenFromTrainIfNoneAreGiven() throws IOException {
    write("train", "a\nb\nc\nd\n", "1\n2\n3\n4\n");

    try (Corpus corpus = prepare()) {
      assertThat(corpus.train().count()).isEqualTo(corpus.pairs().get(Split.TRAIN));
      assertThat(corpus.valid().count()).isEqualTo(corpus.pairs().get(Split.VALID)).isPositive();
      assertThat(Pairs.in(corpus.train().union(corpus.valid())))
          .containsExactly("a|1", "b|2", "c|3", "d|4");
      assertThat(corpus.test()).isEmpty();
    }
  }

  @Test
  void theHashGoesByContentNotByFilesAndOrder() throws IOException {
    write("train", "p\nq\n", "s\nt\n");
    write("valid", "u\n", "v\n");
    String asLines = hash();
    delete();
    write("train", "q\np\nq\n", "t\ns\nt\n");
    write("valid", "u\n", "v\n");
    assertThat(hash()).isEqualTo(asLines).matches("[0-9a-f]{64}");
    delete();
    write("train", "p\nq\n", "s\nt\n");
    write("valid", "u\n", "w\n");
    assertThat(hash()).isNotEqualTo(asLines);
    delete();
    write("train", "ps\nq\n", "s\nt\n");
    write("valid", "u\n", "v\n");
    assertThat(hash()).isNotEqualTo(asLines);
  }

  @Test
  void nothingStaysCachedIfACorpusIsClosedOrRefused() throws IOException {
    Set<Integer> before = LocalSpark.cached();
    write("train", "p\np\n", "s\nt\n");
    assertThatThrownBy(this::prepare)
        .isInstanceOf(UserException.class)
        .hasMessageContaining("same prompt");
    assertThat(before).containsAll(LocalSpark.cached());

    write("valid", "u\n", "v\n");
    prepare().close();
    assertThat(before).containsAll(LocalSpark.cached());
  }

  @Test
  void aCorpusOfWhichNothingIsLeftIsRefusedAfterItsReport() throws IOException {
    Set<Integer> before = LocalSpark.cached();
    write("train", "\n\n", "s\nt\n");

    assertThatThrownBy(this::prepare)
        .isInstanceOf(UserException.class)
        .hasMessage(
            "nothing is left of the train split after cleaning: 2 pairs read, 0 kept"
                + " (dropped: 2 blank-prompt)")
        .extracting("status")
        .isEqualTo(3);
    assertThat(reports).hasSize(1);
    assertThat(before).containsAll(LocalSpark.cached());
  }

  @Test
  void noTextPassesThroughTheDriver() throws IOException {
    int pairs = 20_000;
    String stories =
        CorpusFolder.lines(pairs, i -> Sha256.hex("a" + i) + " " + Sha256.hex("b" + i));
    write("train", CorpusFolder.lines(pairs, i -> "prompt " + i), stories);

    try (ResultSizes results = ResultSizes.of(LocalSpark.session());
        Corpus corpus = prepare()) {
      assertThat(corpus.report().split(Split.TRAIN).orElseThrow().kept()).isEqualTo(pairs);
      assertThat(results.bytes()).isPositive().isLessThan(stories.length() / 10);
    }
  }

  @Test
  void noPromptOfTrainStandsInValidOrTest() throws IOException {
    write("train", "The dragon.\nthe DRAGON\na fox\n", "1\n2\n3\n");
    write("valid", "The dragon\n", "v\n");

    try (Corpus corpus = prepare()) {
      assertThat(Pairs.in(corpus.train())).containsExactly("a fox|3");
      assertThat(Pairs.in(corpus.valid())).containsExactly("The dragon|v");
    }
  }

  private String hash() {
    try (Corpus corpus = prepare()) {
      return corpus.hash();
    }
  }

  private Corpus prepare() {
    return Corpus.prepare(LocalSpark.session(), SmallSettings.at(folder.toString()), reports::add);
  }

  private void write(String split, String prompts, String stories) throws IOException {
    Files.writeString(folder.resolve(split + ".wp_source"), prompts);
    Files.writeString(folder.resolve(split + ".wp_target"), stories);
  }

  private void delete() throws IOException {
    for (String split : new String[] {"train", "valid"}) {
      Files.delete(folder.resolve(split + ".wp_source"));
      Files.delete(folder.resolve(split + ".wp_target"));
    }
  }
}
