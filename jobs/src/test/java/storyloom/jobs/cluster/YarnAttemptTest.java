package storyloom.jobs.cluster;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import storyloom.jobs.cli.JobFailure;

final class YarnAttemptTest {

  private static void require(SparkConf conf, String attempt) {
    YarnAttempt.requireWanted(
        conf, Map.of("CONTAINER_ID", "container_e17_1410901177871_0001_" + attempt + "_000001"));
  }

  private static SparkConf conf(String deployMode) {
    return new SparkConf(false).set("spark.submit.deployMode", deployMode);
  }

  @Test
  void whatYarnStartsAgainUnaskedEndsInALine() {
    assertThatThrownBy(() -> require(conf("cluster"), "02"))
        .isInstanceOf(JobFailure.class)
        .hasMessageContaining("attempt 2")
        .hasMessageContaining("spark.yarn.maxAppAttempts");
  }

  @ParameterizedTest
  @CsvSource({"cluster, 01", "client, 02"})
  void theFirstAttemptAndAnyInClientModeGoOn(String deployMode, String attempt) {
    assertThatCode(() -> require(conf(deployMode), attempt)).doesNotThrowAnyException();
  }

  @Test
  void whoAllowsMoreAttemptsGetsThem() {
    SparkConf conf = conf("cluster").set("spark.yarn.maxAppAttempts", "3");

    assertThatCode(() -> require(conf, "02")).doesNotThrowAnyException();
  }

  @Test
  void thereIsNoAttemptWithoutYarn() {
    assertThatCode(() -> YarnAttempt.requireWanted(conf("cluster"), Map.of()))
        .doesNotThrowAnyException();
  }
}
