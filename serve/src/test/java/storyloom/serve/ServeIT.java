package storyloom.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FileUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import storyloom.model.fixture.JarBill;
import storyloom.model.fixture.JarLicences;
import storyloom.model.fixture.PackagedJar;
import storyloom.model.fixture.S3Server;
import storyloom.model.fixture.SmallBundle;
import storyloom.model.registry.Registry;

/** The packaged service: how it starts, how it ends. */
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ServeIT {

  /** It must be 5 s on a machine that does nothing else, which a build's machine does. */
  private static final Duration START = Duration.ofSeconds(50);

  private static final String ENDLESS =
      "{\"prompt\": \"a fox\", \"max_tokens\": 10000, \"min_tokens\": 10000}";
  private static final String LONG =
      "{\"prompt\": \"a fox\", \"max_tokens\": 1000, \"min_tokens\": 1000}";

  private static final Path PAGE =
      ServiceProcess.ROOT.resolve("serve/src/main/resources/storyloom/serve/page");

  @TempDir Path home;

  private void promote(SmallBundle model) {
    String version = model.writeTo(home.resolve("models"));
    new Registry(home.toString(), new Configuration()).promote(version);
  }

  private String[] arguments(String... settings) {
    String[] all = new String[4 + 2 * settings.length];
    all[0] = "--port";
    all[1] = "0";
    all[2] = "--home";
    all[3] = home.toString();
    for (int i = 0; i < settings.length; i++) {
      all[4 + 2 * i] = "--set";
      all[5 + 2 * i] = settings[i];
    }
    return all;
  }

  private static void awaitRow(ServiceProcess service) throws Exception {
    while (!service.get("/metrics").contains("storyloom_rows 1.0")) {
      Thread.sleep(20);
    }
  }

  @Test
  void jarRunsWithoutAnyOptionOfJava() throws Exception {
    promote(SmallBundle.ofDozenWords());
    long started = System.nanoTime();
    try (ServiceProcess service = ServiceProcess.ofJar(home, arguments()).ready()) {
      assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(START);
      assertThat(service.generate("{\"prompt\": \"a fox\"}").get().statusCode()).isEqualTo(200);
      for (String file : Objects.requireNonNull(PAGE.toFile().list())) {
        assertThat(service.get(file.equals("index.html") ? "/" : "/" + file))
            .as(file)
            .isEqualTo(Files.readString(PAGE.resolve(file)));
      }

      service.terminate();

      assertThat(service.ended()).isZero();
      assertThat(service.log()).doesNotContain("Exception", "SLF4J");
    }
  }

  @Test
  void scriptMakesTheKernelsUseVectors() throws Exception {
    promote(SmallBundle.ofDozenWords());
    try (ServiceProcess service = ServiceProcess.ofScript(home, arguments()).ready()) {
      assertThat(service.log()).contains("Kernels: vectors of");
    }
  }

  @Test
  void followsTheCurrentModelOnS3() throws Exception {
    Path models = home.resolve("models");
    List<String> versions =
        List.of(SmallBundle.write(models), SmallBundle.ofDozenWords().withSeed(4).writeTo(models));
    try (S3Server server =
        S3Server.start(ServiceProcess.ROOT.resolve("serve/target/s3proxy.jar"))) {
      String remote = S3Server.BUCKET + "/home";
      Configuration client = server.over(new Configuration());
      FileSystem files = new org.apache.hadoop.fs.Path(remote).getFileSystem(client);
      FileUtil.copy(
          models.toFile(), files, new org.apache.hadoop.fs.Path(remote, "models"), false, client);
      Registry registry = new Registry(remote, client);
      registry.promote(versions.get(0));
      List<String> line = new ArrayList<>(server.options());
      line.addAll(List.of("--port", "0", "--home", remote, "--set", "serve.reload-seconds=1"));

      try (ServiceProcess service =
          ServiceProcess.ofScript(home, line.toArray(String[]::new)).ready()) {
        assertThat(service.get("/model")).contains(versions.get(0));
        registry.promote(versions.get(1));
        while (!service.get("/model").contains(versions.get(1))) {
          Thread.sleep(20);
        }
        assertThat(service.generate("{\"prompt\": \"a fox\"}").get().statusCode()).isEqualTo(200);
        assertThat(service.log()).doesNotContain("S3A", "MetricsConfig", "Exception", "SLF4J");
      }
    }
  }

  @Test
  void betweenSigtermAndTheEndItIsNotReadyButWritesStories() throws Exception {
    promote(SmallBundle.ofDozenWords());
    String wish = "{\"prompt\": \"a fox\"}";
    try (ServiceProcess service =
        ServiceProcess.ofJar(home, arguments("serve.unready-seconds=10")).ready()) {
      assertThat(service.generate(wish).get().statusCode()).isEqualTo(200);
      assertThat(service.status("/health/ready")).isEqualTo(200);
      long told = System.nanoTime();

      service.terminate();

      while (service.status("/health/ready") == 200) {
        Thread.sleep(20);
      }
      assertThat(service.status("/health/ready")).isEqualTo(503);
      assertThat(service.status("/health/live")).isEqualTo(200);
      assertThat(service.generate(wish).get().statusCode()).isEqualTo(200);
      assertThat(service.ended()).isZero();
      assertThat(Duration.ofNanos(System.nanoTime() - told)).isGreaterThan(Duration.ofSeconds(10));
      assertThat(service.log()).contains("stopping: not ready, but requests are taken for 10.0 s");
    }
  }

  @Test
  void storiesUnderWayAreFinishedBeforeTheEnd() throws Exception {
    promote(SmallBundle.ofManyWords(4000, 200));
    try (ServiceProcess service = ServiceProcess.ofJar(home, arguments()).ready()) {
      CompletableFuture<HttpResponse<String>> story = service.generate(LONG);
      awaitRow(service);

      service.terminate();

      assertThat(story.get().statusCode()).as("%s", story.get().body()).isEqualTo(200);
      assertThat(service.ended()).isZero();
    }
  }

  @Test
  void storiesThatTakeTooLongAreGivenUpAtTheEnd() throws Exception {
    promote(SmallBundle.ofManyWords(4000, 200));
    try (ServiceProcess service =
        ServiceProcess.ofJar(
                home,
                arguments(
                    "serve.drain-seconds=0.1",
                    "serve.max-tokens=10000",
                    "serve.request-seconds=600"))
            .ready()) {
      CompletableFuture<HttpResponse<String>> story = service.generate(ENDLESS);
      awaitRow(service);

      service.terminate();

      assertThat(story.get().statusCode()).isEqualTo(503);
      assertThat(story.get().body()).contains("urn:storyloom:problem:stopping");
      assertThat(service.ended()).isZero();
    }
  }

  @Test
  void mistakesAreToldInALine() throws Exception {
    try (ServiceProcess without = ServiceProcess.ofJar(home, arguments());
        ServiceProcess misspelt = ServiceProcess.ofJar(home, arguments("serve.prot=1"))) {
      assertThat(without.ended()).isEqualTo(3);
      assertThat(without.log()).startsWith("error: there is no model under").hasLineCount(1);
      assertThat(misspelt.ended()).isEqualTo(2);
      assertThat(misspelt.log())
          .isEqualToIgnoringNewLines("error: unknown setting serve.prot; did you mean serve.port?");
    }
  }

  @Test
  void jarHoldsAllThatItNeedsAndNoSpark() throws IOException {
    try (PackagedJar jar = new PackagedJar(ServiceProcess.ROOT.resolve("jobs/serve.jar"))) {
      assertThat(jar.mainClass()).isEqualTo("storyloom.serve.ServeCommand");
      assertThat(jar.names()).doesNotHaveDuplicates();
      assertThat(jar.names())
          .noneMatch(name -> name.startsWith("org/apache/spark/") || name.startsWith("scala/"));
      assertThat(jar.leftovers()).isEmpty();
      assertThat(jar.missingProviders()).isEmpty();
    }
  }

  @Test
  void jarHoldsNothingThatOnlyServersOfHadoopNeed() throws IOException {
    try (PackagedJar jar = new PackagedJar(ServiceProcess.ROOT.resolve("jobs/serve.jar"))) {
      assertThat(jar.names())
          .anyMatch(name -> name.startsWith("org/apache/hadoop/shaded/"))
          .noneMatch(name -> name.startsWith("org/apache/hadoop/shaded/org/eclipse/jetty/"))
          .noneMatch(name -> name.startsWith("org/apache/hadoop/shaded/net/minidev/"))
          .noneMatch(name -> name.startsWith("org/apache/hadoop/shaded/com/nimbusds/"))
          .noneMatch(name -> name.contains("META-INF/maven/net.minidev/"));
    }
  }

  @Test
  void theBillOfMaterialsNamesWhatIsInTheJarAndNothingThatWasLeftOut() throws IOException {
    JarBill bill = JarBill.read(ServiceProcess.ROOT.resolve("jobs/serve.cdx.json"));

    assertThat(bill.libraries()).anyMatch(one -> one.startsWith("pkg:maven/io.javalin/javalin@"));
    assertThat(bill.nested())
        .anyMatch(one -> one.startsWith("pkg:maven/com.fasterxml.woodstox/woodstox-core@"))
        .noneMatch(one -> one.contains("/jetty-") || one.contains("/json-smart@"));
    try (JarLicences licences = new JarLicences(ServiceProcess.ROOT.resolve("jobs/serve.jar"))) {
      assertThat(bill.files()).containsAll(licences.bundled());
    }
  }

  @Test
  void jarKeepsTheLicencesOfAllThatItBundles() throws IOException {
    try (JarLicences licences = new JarLicences(ServiceProcess.ROOT.resolve("jobs/serve.jar"))) {
      assertThat(licences.bundled()).hasSizeGreaterThan(20);
      assertThat(licences.index()).containsKeys(licences.bundled().toArray(String[]::new));
      assertThat(licences.index().values()).doesNotContain("", "none");
      assertThat(licences.lost()).isEmpty();
    }
  }
}
