package storyloom.jobs.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import storyloom.pipeline.corpus.report.CleaningReport;
import storyloom.pipeline.corpus.report.CleaningReport.RuleCounts;
import storyloom.pipeline.corpus.report.CleaningReport.SplitCounts;
import storyloom.pipeline.corpus.report.Example;
import storyloom.pipeline.corpus.report.Lengths;

final class CleaningFilesTest {

  private static final Lengths NONE = new Lengths(0, 0, 0, 0, 0, List.of());
  private static final Lengths SOME =
      new Lengths(9, 5, 4, 7, 7, List.of(new Lengths.Bar(4, 5, 6), new Lengths.Bar(6, 7, 3)));

  @TempDir Path folder;

  @Test
  void reportIsThereForProgramsAndAsAPicture() throws IOException {
    CleaningReport report =
        new CleaningReport(
            List.of(new SplitCounts("train", 12, 4, Map.of("duplicate-pair", 3L))),
            0,
            List.of(
                new RuleCounts("html", 4, 9, 1, 0, List.of()),
                new RuleCounts("duplicate-pair", 0, 0, 0, 3, List.of())),
            SOME,
            SOME,
            List.of(new Example("sample", 1, "train", 7, "pair", "a *b*\n\nc", "a b\n\nc")),
            List.of());

    write(report);

    assertThat(Files.readString(folder.resolve("run/cleaning.json"))).isEqualTo(report.json());
    assertThat(Files.readString(folder.resolve("run/cleaning.txt")))
        .isEqualTo("==== train:7, before\na *b*\n\nc\n\n---- train:7, after\na b\n\nc\n\n");
    BufferedImage picture = ImageIO.read(folder.resolve("run/cleaning.png").toFile());
    assertThat(picture.getWidth()).isEqualTo(Picture.SHARPNESS * CleaningChart.WIDTH);
    assertThat(colours(picture)).isGreaterThan(10);
  }

  @Test
  void reportOfNothingHasAPictureToo() throws IOException {
    write(
        new CleaningReport(
            List.of(new SplitCounts("train", 0, 0, Map.of())),
            0,
            List.of(),
            NONE,
            NONE,
            List.of(),
            List.of()));

    assertThat(ImageIO.read(folder.resolve("run/cleaning.png").toFile())).isNotNull();
  }

  @Test
  void laterReportTakesThePlaceOfAnEarlierOne() throws IOException {
    write(new CleaningReport(List.of(), 0, List.of(), SOME, SOME, List.of(), List.of()));
    CleaningReport later =
        new CleaningReport(List.of(), 0, List.of(), NONE, NONE, List.of(), List.of());
    write(later);

    assertThat(Files.readString(folder.resolve("run/cleaning.json"))).isEqualTo(later.json());
    try (var files = Files.list(folder.resolve("run"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("cleaning.json", "cleaning.png", "cleaning.txt");
    }
  }

  private void write(CleaningReport report) {
    CleaningFiles.write(
        report, new org.apache.hadoop.fs.Path(folder + "/run"), new Configuration());
  }

  private static long colours(BufferedImage picture) {
    int[] pixels =
        picture.getRGB(0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth());
    return Arrays.stream(pixels).distinct().count();
  }
}
