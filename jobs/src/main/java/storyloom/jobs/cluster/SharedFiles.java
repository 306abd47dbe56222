package storyloom.jobs.cluster;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import storyloom.model.UserException;
import storyloom.model.files.HadoopFiles;

/** Guards against executors on other hosts that look for a path of this one. */
public final class SharedFiles {

  private final List<String> hosts;
  private final Configuration configuration;

  /**
   * @param hosts where executors run
   */
  SharedFiles(List<String> hosts, Configuration configuration) {
    this.hosts = List.copyOf(hosts);
    this.configuration = configuration;
  }

  /**
   * Sees to it that all executors reach a path.
   *
   * @throws UserException of usage if it lies on the local file system and an executor runs on
   *     another host
   */
  public void require(String path) {
    Optional<String> stranger = hosts.stream().filter(host -> !isThisHost(host)).findFirst();
    Path named = new Path(path);
    FileSystem files = HadoopFiles.of(named, configuration);
    if (stranger.isPresent() && files.getUri().getScheme().equals("file")) {
      throw UserException.usage(
          "%s is a local path, but an executor runs on %s: use a path that all hosts reach, or say --shared-files if this is one"
              .formatted(files.makeQualified(named), stranger.get()));
    }
  }

  static boolean isThisHost(String host) {
    try {
      InetAddress address = InetAddress.getByName(host);
      return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
    } catch (UnknownHostException | SocketException e) {
      return false; // this host knows its own name
    }
  }
}
