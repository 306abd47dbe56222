package storyloom.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

final class JobDescriptionTest {

  private final JavaSparkContext context = LocalSpark.context();

  private String shown() {
    return context.getLocalProperty("spark.job.description");
  }

  @Test
  void descriptionEndsWithItsBlock() {
    try (JobDescription numbers = JobDescription.of(context, "count three numbers")) {
      assertThat(shown()).isEqualTo("count three numbers");
      assertThat(context.parallelize(List.of(1, 2, 3)).count()).isEqualTo(3);
    }

    assertThat(shown()).isNull();
  }

  @Test
  void innerDescriptionGivesWayToTheOuterOne() {
    try (JobDescription outer = JobDescription.of(context, "outer")) {
      try (JobDescription inner = JobDescription.of(context.sc(), "inner")) {
        assertThat(shown()).isEqualTo("inner");
      }
      assertThat(shown()).isEqualTo("outer");
    }

    assertThat(shown()).isNull();
  }
}
