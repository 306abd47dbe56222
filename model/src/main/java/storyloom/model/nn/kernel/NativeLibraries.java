package storyloom.model.nn.kernel;

import java.util.List;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.Loader;
import storyloom.model.UserException;

/** The native libraries on the class path, and whether those of this machine are among them. */
public final class NativeLibraries {

  /** What the build has a profile for, by JavaCPP's names. */
  private static final List<String> PLATFORMS =
      List.of("linux-x86_64", "linux-arm64", "macosx-x86_64", "macosx-arm64");

  private NativeLibraries() {}

  /**
   * To be called before ND4J is touched, which says of a missing library only what it is called.
   *
   * @throws UserException of usage, with one line that names the switch of the build, if there are
   *     none for this machine
   */
  public static void require() {
    require(Loader.getPlatform());
  }

  /**
   * @param platform such as {@code linux-arm64}
   */
  static void require(String platform) {
    if (has(platform)) {
      return;
    }
    String found =
        PLATFORMS.stream().filter(NativeLibraries::has).collect(Collectors.joining(", "));
    throw UserException.usage(
        "the jars hold no native libraries for %s, only %s: %s"
            .formatted(
                platform,
                found.isEmpty() ? "none at all" : "for " + found,
                PLATFORMS.contains(platform)
                    ? "build them with mvn -P%s -DskipTests package, or on such a machine"
                        .formatted(platform)
                    : "Storyloom runs on " + String.join(", ", PLATFORMS)));
  }

  private static boolean has(String platform) {
    String suffix = platform.startsWith("macosx") ? ".dylib" : ".so";
    return NativeLibraries.class.getResource(
            "/org/nd4j/linalg/cpu/nativecpu/bindings/%s/libjnind4jcpu%s"
                .formatted(platform, suffix))
        != null;
  }
}
