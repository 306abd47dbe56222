package storyloom.jobs.cluster;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import storyloom.model.UserException;

final class SharedFilesTest {

  /** An address that is nobody's, kept for documentation. */
  private static final String ELSEWHERE = "203.0.113.7";

  private final Configuration hadoop = new Configuration();

  @Test
  void localPathIsRefusedWhereAnExecutorRunsElsewhere() {
    SharedFiles files = new SharedFiles(List.of("127.0.0.1", ELSEWHERE), hadoop);

    assertThatThrownBy(() -> files.require("file:/data/corpus"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("file:/data/corpus")
        .hasMessageContaining(ELSEWHERE)
        .hasMessageContaining("--shared-files")
        .extracting(thrown -> ((UserException) thrown).status())
        .isEqualTo(2);
  }

  @Test
  void pathWithoutASchemeIsLocalUnlessHadoopSaysOtherwise() {
    SharedFiles files = new SharedFiles(List.of(ELSEWHERE), hadoop);

    assertThatThrownBy(() -> files.require("data/*.parquet")).isInstanceOf(UserException.class);
  }

  @Test
  void localPathIsFineWhereAllExecutorsRunHere() {
    SharedFiles files = new SharedFiles(List.of("127.0.0.1", "localhost"), hadoop);

    assertThatCode(() -> files.require("file:/data/corpus")).doesNotThrowAnyException();
  }

  @Test
  void pathThatAllHostsReachIsFineAnywhere() {
    hadoop.set("fs.viewfs.mounttable.default.link./data", "file:///");
    SharedFiles files = new SharedFiles(List.of(ELSEWHERE), hadoop);

    assertThatCode(() -> files.require("viewfs:///data/corpus")).doesNotThrowAnyException();
  }
}
