package storyloom.serve.http;

import java.net.IDN;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.jetty.server.Request;
import storyloom.model.OneLine;
import storyloom.model.UserException;
import storyloom.serve.http.Problem.ProblemException;

/**
 * The names by which the service may be asked. A site can have a name of its own point at this
 * service (DNS rebinding), and browsers then let the pages of that site read what the service
 * answers; but they say the name in the header Host.
 */
final class AllowedHosts {

  private static final String ANY = "*";
  private static final List<String> OF_THIS_MACHINE = List.of("localhost", "127.0.0.1", "[::1]");
  private static final Pattern NAME = Pattern.compile("[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?");

  private final Set<String> names;
  private final boolean any;
  private final boolean ownAddresses;

  private AllowedHosts(Set<String> names, boolean any, boolean ownAddresses) {
    this.names = names;
    this.any = any;
    this.ownAddresses = ownAddresses;
  }

  /** Any name at all. */
  static AllowedHosts any() {
    return new AllowedHosts(Set.of(), true, false);
  }

  /**
   * The names and addresses of this machine.
   *
   * @param bound what the service listens at
   */
  static AllowedHosts ofThisMachine(String bound) {
    Set<String> names = new HashSet<>(Set.of(canonical(bound)));
    OF_THIS_MACHINE.forEach(name -> names.add(canonical(name)));
    return new AllowedHosts(names, false, true);
  }

  /**
   * Certain names.
   *
   * @param names of hosts, or {@code *} for any
   * @throws UserException of usage if one is neither
   */
  static AllowedHosts named(List<String> names) {
    Set<String> canonical = new HashSet<>();
    for (String name : names) {
      if (!name.equals(ANY)) {
        canonical.add(checked(name));
      }
    }
    return new AllowedHosts(canonical, names.contains(ANY), false);
  }

  private static String checked(String name) {
    try {
      String canonical = canonical(IDN.toASCII(name));
      if (NAME.matcher(canonical).matches() || address(name).isPresent()) {
        return canonical;
      }
    } catch (IllegalArgumentException noName) {
      // told below
    }
    throw UserException.usage(
        "serve.hosts: %s is no name of a host: give names such as stories.example.org, without scheme, port and path, or * for any"
            .formatted(OneLine.of(name)));
  }

  /**
   * Lets a request pass that uses an allowed name, in its address or else in its header Host.
   *
   * @throws ProblemException 421 if it uses another one, or none
   */
  void require(Request request) {
    String host = request.getHttpURI().getHost();
    String asked = canonical(host == null ? "" : host);
    if (!any && !names.contains(asked) && !(ownAddresses && asked.equals(cameInAt(request)))) {
      throw new ProblemException(
          Problem.of(
              "misdirected",
              421,
              "The service is not asked by this name",
              "the service has no name \"%s\": if it is to have it, add it to the setting serve.hosts"
                  .formatted(OneLine.of(asked))));
    }
  }

  private static String cameInAt(Request request) {
    return request.getConnectionMetaData().getLocalSocketAddress() instanceof InetSocketAddress at
        ? plain(at.getAddress())
        : "";
  }

  /** In lower case, without a final dot, and each IPv6 address in one spelling. */
  private static String canonical(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    return address(lower)
        .orElseGet(() -> lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower);
  }

  /** What an IPv6 address, with brackets or without, says in one spelling. */
  private static Optional<String> address(String host) {
    if (!host.contains(":")) {
      return Optional.empty();
    }
    try {
      // what stands in brackets is never looked up
      return Optional.of(
          plain(InetAddress.getByName(host.startsWith("[") ? host : "[" + host + "]")));
    } catch (UnknownHostException noAddress) {
      return Optional.empty();
    }
  }

  private static String plain(InetAddress address) {
    return address.getHostAddress().replaceFirst("%.*", "");
  }
}
