package storyloom.serve.http;

import java.time.Duration;
import java.util.List;
import storyloom.model.OneLine;
import storyloom.model.UserException;
import storyloom.model.decode.DecodeSettings;
import storyloom.model.settings.Settings;

/**
 * What the service grants its clients: {@code serve.} and {@code decode.} in the configuration.
 *
 * @param host address that it listens at
 * @param port that it listens at; 0 for any free one
 * @param decoding how stories are written unless a request says otherwise
 * @param rows of a batch
 * @param connections most of them at a time
 * @param maxBody longest body of a request, in bytes
 * @param maxTokens longest story that may be asked for
 * @param maxStories most stories for a request
 * @param maxBeam widest beam
 * @param receive time within which a request must have come in
 * @param request time within which a request must be answered
 * @param reload pause between two looks at the registry; zero for none
 * @param unready time between being told to stop and stopping to listen
 * @param drain time for stories to be finished when the service stops
 * @param openPaths what answers without a token, of {@link #GUARDED}
 * @param unauthorized time after which a request without a good token is answered
 * @param requestsPerMinute of a token; 0 for as many as it likes
 * @param hosts names by which it may be asked; see {@link #allowedHosts}
 * @param corsOrigins pages of which other hosts may use the service
 * @param logAddresses whether the log tells where requests come from
 * @param logPrompts whether prompts stand in the log
 */
public record ServiceSettings(
    String host,
    int port,
    DecodeSettings decoding,
    int rows,
    int connections,
    int maxBody,
    int maxTokens,
    int maxStories,
    int maxBeam,
    Duration receive,
    Duration request,
    Duration reload,
    Duration unready,
    Duration drain,
    List<String> openPaths,
    Duration unauthorized,
    int requestsPerMinute,
    List<String> hosts,
    List<String> corsOrigins,
    boolean logAddresses,
    boolean logPrompts) {

  /** Paths that may be closed to those who show no token. */
  static final List<String> GUARDED = List.of("/model", "/metrics", "/prompt");

  /**
   * Those below {@code serve}, and below {@code decode}.
   *
   * @throws UserException of usage if two of them exclude each other, or a path cannot be opened
   */
  public static ServiceSettings of(Settings settings) {
    int rows = settings.integer("decode.batch");
    return new ServiceSettings(
        settings.text("serve.host"),
        settings.integer("serve.port"),
        DecodeSettings.of(settings),
        rows,
        settings.integer("serve.connections"),
        settings.integer("serve.max-body"),
        settings.integer("serve.max-tokens"),
        Math.min(rows, settings.integer("serve.max-stories")),
        Math.min(rows, settings.integer("serve.max-beam")),
        seconds(settings, "serve.receive-seconds"),
        seconds(settings, "serve.request-seconds"),
        seconds(settings, "serve.reload-seconds"),
        seconds(settings, "serve.unready-seconds"),
        seconds(settings, "serve.drain-seconds"),
        openPaths(settings.words("serve.open-paths")),
        seconds(settings, "serve.unauthorized-seconds"),
        settings.integer("serve.requests-per-minute"),
        settings.words("serve.hosts"),
        settings.words("serve.cors-origins"),
        settings.flag("serve.log-addresses"),
        settings.flag("serve.log-prompts"));
  }

  private static Duration seconds(Settings settings, String key) {
    return Duration.ofMillis(Math.round(settings.number(key) * 1000));
  }

  private static List<String> openPaths(List<String> paths) {
    for (String path : paths) {
      if (!GUARDED.contains(path)) {
        throw UserException.usage(
            "serve.open-paths must be of %s, or nothing, not %s"
                .formatted(String.join(", ", GUARDED), OneLine.of(path)));
      }
    }
    return paths;
  }

  /** Whether a path answers without a token. */
  boolean isOpen(String path) {
    return openPaths.contains(path);
  }

  /**
   * The names by which it may be asked. Who has no token of it can do nothing in the browser of
   * somebody who has, so any name is as good as another where tokens are needed.
   *
   * @throws UserException of usage if {@link #hosts} holds what is none
   */
  AllowedHosts allowedHosts(boolean tokensNeeded) {
    if (!hosts.isEmpty()) {
      return AllowedHosts.named(hosts);
    }
    return tokensNeeded ? AllowedHosts.any() : AllowedHosts.ofThisMachine(host);
  }

  /** Longest story unless a request says otherwise. */
  int usualTokens() {
    return Math.min(maxTokens, decoding.constraints().maxTokens());
  }

  /** Width of a beam unless a request says otherwise. */
  int usualBeam() {
    return Math.min(maxBeam, decoding.beam().size());
  }
}
