package storyloom.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;
import storyloom.model.settings.Settings;

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

  @Test
  void pythonAcceptsTheDag() throws Exception {
    assumeThat(isInstalled("python3")).isTrue();

    assertAccepted(
        List.of(
            "python3",
            "-c",
            "import ast, sys; ast.parse(open(sys.argv[1]).read())",
            installed("airflow_dag.py").toString()));
  }

  @Test
  void kubernetesGetsSettingsThatExistAndAJobThatIsThere() throws Exception {
    Map<String, Map<String, Object>> objects = new HashMap<>();
    for (Object each : new Yaml().loadAll(Files.readString(SCHEDULES.resolve("kubernetes.yaml")))) {
      Map<String, Object> object = map(each);
      objects.put(object.get("kind").toString(), object);
    }
    Map<String, Object> files = map(objects.get("ConfigMap").get("data"));
    Path conf =
        Files.writeString(folder.resolve("nightly.conf"), files.get("nightly.conf").toString());
    Map<String, Object> application =
        map(new Yaml().load(files.get("application.yaml").toString()));

    assertThat(map(objects.get("CronJob").get("spec"))).containsEntry("schedule", "30 1 * * *");
    assertThat(Settings.load(Optional.of(conf.toString()), List.of()).flag("gate.enabled"))
        .isTrue();
    assertThat(application).containsEntry("kind", "SparkApplication");
    assertThat(map(application.get("spec"))).containsEntry("mainClass", TrainJob.class.getName());
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Object yaml) {
    return (Map<String, Object>) yaml;
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
