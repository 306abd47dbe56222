package storyloom.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What lies in conf/schedule works as it is, once Storyloom's folder is put in. */
final class ScheduleIT {

  private static final Path SCHEDULES = BinCommand.ROOT.resolve("conf/schedule");

  @TempDir Path folder;

  private Path installed(String name) throws IOException {
    String text = Files.readString(SCHEDULES.resolve(name));
    assertThat(text).contains("/opt/storyloom/");
    return Files.writeString(
        folder.resolve(name), text.replace("/opt/storyloom", BinCommand.ROOT.toString()));
  }

  private static void assertAccepted(List<String> line) throws Exception {
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);

    assertThat(process.waitFor()).as("%s: %s", line, said).isZero();
    assertThat(said).isEmpty();
  }

  private static boolean isInstalled(String command) {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, command)));
  }

  @Test
  void systemdAcceptsTheUnits() throws Exception {
    assumeThat(isInstalled("systemd-analyze")).isTrue();
    Path service = installed("storyloom-nightly.service");
    Path timer =
        Files.copy(
            SCHEDULES.resolve("storyloom-nightly.timer"),
            folder.resolve("storyloom-nightly.timer"));

    assertAccepted(
        List.of("systemd-analyze", "verify", "--man=no", service.toString(), timer.toString()));
  }

  /** Airflow's modules are stood in for: what they are called is all that differs. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "airflow airflow.operators airflow.operators.bash",
        "airflow airflow.sdk airflow.providers airflow.providers.standard"
            + " airflow.providers.standard.operators airflow.providers.standard.operators.bash"
      })
  void theDagFindsTheOperatorOfAirflow2AndOf3(String modules) throws Exception {
    assumeThat(isInstalled("python3")).isTrue();

    assertAccepted(
        List.of(
            "python3",
            "-c",
            """
            import sys
            from unittest.mock import MagicMock
            names = sys.argv[2].split()
            sys.modules.update({name: MagicMock() for name in names})
            exec(compile(open(sys.argv[1]).read(), sys.argv[1], "exec"))
            task = sys.modules[names[-1]].BashOperator.call_args.kwargs
            assert task["skip_on_exit_code"] == 4 and "bin/nightly" in task["bash_command"]
            """,
            installed("airflow_dag.py").toString(),
            modules));
  }

  @Test
  void cronRunsTheWrapperEveryNight() throws IOException {
    List<String> lines =
        Files.readAllLines(installed("crontab")).stream()
            .filter(line -> !line.startsWith("#"))
            .toList();

    assertThat(lines).containsExactly("30 1 * * * " + BinCommand.ROOT.resolve("bin/nightly"));
    assertThat(BinCommand.ROOT.resolve("bin/nightly")).isExecutable();
  }
}
