package storyloom.model.nn.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.bytedeco.javacpp.Loader;
import org.junit.jupiter.api.Test;
import storyloom.model.ExitStatus;
import storyloom.model.UserException;

class NativeLibrariesTest {

  @Test
  void theBuildPacksThoseOfTheMachineThatItRunsOn() {
    assertThatCode(NativeLibraries::require).doesNotThrowAnyException();
  }

  @Test
  void anotherMachineIsToldTheSwitchOfTheBuild() {
    String other = Loader.getPlatform().equals("macosx-x86_64") ? "linux-arm64" : "macosx-x86_64";

    assertThatThrownBy(() -> NativeLibraries.require(other))
        .isInstanceOfSatisfying(
            UserException.class,
            mistake -> assertThat(mistake.status()).isEqualTo(ExitStatus.USAGE))
        .hasMessageMatching(
            "the jars hold no native libraries for %1$s, only for .*%2$s.*: build them with mvn -P%1$s -DskipTests package, or on such a machine"
                .formatted(other, Loader.getPlatform()));
  }

  @Test
  void aMachineForWhichThereAreNoneIsToldWhichThereAre() {
    assertThatThrownBy(() -> NativeLibraries.require("windows-x86_64"))
        .hasMessageEndingWith(
            ": Storyloom runs on linux-x86_64, linux-arm64, macosx-x86_64, macosx-arm64");
  }
}
