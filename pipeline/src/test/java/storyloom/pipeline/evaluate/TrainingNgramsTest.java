package storyloom.pipeline.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import storyloom.model.UserException;
import storyloom.model.files.ChecksummedDirectory;
import storyloom.pipeline.LocalSpark;
import storyloom.pipeline.evaluate.TrainingNgrams.Quotations;

class TrainingNgramsTest {

  private static final StructType SCHEMA =
      new StructType().add("prompt", DataTypes.StringType).add("story", DataTypes.StringType);
  private static final String FOX = "Once upon a time, a fox ran over the hill and slept. Then it";

  @TempDir Path folder;

  private static TrainingNgrams of(String... stories) {
    List<Row> rows = List.of(stories).stream().map(each -> RowFactory.create("", each)).toList();
    Dataset<Row> pairs =
        LocalSpark.session()
            .createDataFrame(LocalSpark.context().parallelize(rows, rows.size()), SCHEMA);
    return TrainingNgrams.of(pairs, 1000);
  }

  @Test
  void eightWordsInARowAreQuotedWhateverTheirMarksAndTheirCase() {
    Quotations quotations =
        of(FOX, "Another story of a few words.")
            .in(List.of("Yes: once upon a time a Fox ran - over the hill! She woke."));

    // of 13 words six are the first of eight in a row; ten in a row are the fox's, three times
    // eight
    assertThat(quotations.share()).isEqualTo(3 / 6.0);
    assertThat(quotations.longest()).isEqualTo("once upon a time a fox ran over the hill");
    assertThat(quotations.words()).isEqualTo(10);
  }

  @Test
  void fewerWordsAreNoQuotation() {
    Quotations quotations = of(FOX).in(List.of("once upon a time a fox ran home to her den"));

    assertThat(quotations.share()).isZero();
    assertThat(quotations.longest()).isEmpty();
    assertThat(quotations.words()).isZero();
    assertThat(of(FOX).in(List.of("too short")).share()).isNaN();
  }

  @Test
  void whatStandsInNoStoryIsHardlyEverTakenForAQuotation() {
    String[] stories =
        IntStream.range(0, 100).mapToObj(TrainingNgramsTest::ownWords).toArray(String[]::new);
    List<String> others =
        IntStream.range(1000, 3000).mapToObj(TrainingNgramsTest::ownWords).toList();

    TrainingNgrams training = of(stories);
    assertThat(training.in(List.of(stories)).share()).isEqualTo(1);
    assertThat(training.in(others).share()).isLessThan(0.01);
  }

  private static String ownWords(int story) {
    return "a# b# c# d# e# f# g# h# i#".replace("#", Integer.toString(story));
  }

  private org.apache.hadoop.fs.Path written(TrainingNgrams training) {
    org.apache.hadoop.fs.Path parent = new org.apache.hadoop.fs.Path(folder.toUri());
    try (var writer = new ChecksummedDirectory.Writer(parent, new Configuration())) {
      writer.write("other", out -> out.write(1));
      if (training != null) {
        training.write(writer);
      }
      writer.commit("prepared");
    }
    return new org.apache.hadoop.fs.Path(parent, "prepared");
  }

  @Test
  void whatIsKeptBesideAPreparedCorpusKnowsTheSame() {
    org.apache.hadoop.fs.Path kept = written(of(FOX));

    assertThat(TrainingNgrams.read(kept, new Configuration()).orElseThrow().in(List.of(FOX)))
        .isEqualTo(of(FOX).in(List.of(FOX)));
  }

  @Test
  void aFolderOfAnEarlierVersionHasNone() {
    assertThat(TrainingNgrams.read(written(null), new Configuration())).isEmpty();
  }

  @Test
  void aDamagedOneIsNamed() throws Exception {
    org.apache.hadoop.fs.Path kept = written(of(FOX));
    Path file = folder.resolve("prepared/story-8grams.bloom");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);

    assertThatThrownBy(() -> TrainingNgrams.read(kept, new Configuration()))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("story-8grams.bloom is damaged");
  }
}
