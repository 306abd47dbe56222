package storyloom.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import storyloom.model.fixture.SmallBundle;
import storyloom.model.registry.Registry;

/** The packaged service, whose Hadoop is no more than a client's, with its models on HDFS. */
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ServeOnHdfsIT {

  @TempDir Path folder;

  private static void put(DistributedFileSystem files, Path local, String remote) throws Exception {
    files.copyFromLocalFile(
        new org.apache.hadoop.fs.Path(local.toUri()), new org.apache.hadoop.fs.Path(remote));
  }

  @BeforeAll
  static void quietenHdfs() {
    Configurator.setLevel("org.apache.hadoop", Level.OFF);
  }

  @Test
  void theModelAndItsSuccessorAreReadFromHdfs() throws Exception {
    Configuration configuration = new Configuration();
    configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.resolve("hdfs").toString());
    SmallBundle first = SmallBundle.ofDozenWords();
    String version = first.writeTo(folder.resolve("models"));
    String next = first.withSeed(4).writeTo(folder.resolve("models"));
    try (MiniDFSCluster hdfs = new MiniDFSCluster.Builder(configuration).numDataNodes(1).build()) {
      String home = hdfs.getURI() + "/home";
      put(hdfs.getFileSystem(), folder.resolve("models"), home + "/models");
      Registry registry = new Registry(home, configuration);
      registry.promote(version);
      try (ServiceProcess service =
          ServiceProcess.ofJar(
                  folder, "--port", "0", "--home", home, "--set", "serve.reload-seconds=1")
              .ready()) {
        assertThat(storyOf(service)).contains(version);

        registry.promote(next);

        while (!storyOf(service).contains(next)) {
          TimeUnit.MILLISECONDS.sleep(100);
        }
        assertThat(service.log()).doesNotContain("Exception", "ClassNotFound", "NoClassDef");
      }
    }
  }

  private static String storyOf(ServiceProcess service) throws Exception {
    HttpResponse<String> story = service.generate("{\"prompt\": \"a fox\"}").get();
    assertThat(story.statusCode()).as("%s", story.body()).isEqualTo(200);
    return story.body();
  }
}
