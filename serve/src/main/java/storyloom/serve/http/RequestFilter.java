package storyloom.serve.http;

import java.util.Set;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;

/**
 * What a request looks like to all that stands behind this: it has one of the methods of HTTP, and
 * no header makes it another one, or something else than HTTP. Javalin keeps each name of a method
 * that it meets for as long as the process lives, and metrics keep their labels, so a name that a
 * client makes up ends here.
 */
final class RequestFilter implements HttpConfiguration.Customizer {

  /** Stands for whatever is no method of HTTP; nothing is done by it. */
  static final String OTHER = "OTHER";

  /** RFC 9110 and RFC 5789. */
  static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT");

  /** Javalin would take the method from here. */
  private static final String OVERRIDE = "X-HTTP-Method-Override";

  /** Javalin would take any request for a web socket's, of which there are none. */
  private static final String WEB_SOCKET = "Sec-WebSocket-Key";

  /** A request as it is seen from here on. */
  private static final class Filtered extends Request.Wrapper {

    private final String method;
    private final HttpFields headers;

    Filtered(Request request) {
      super(request);
      this.method = METHODS.contains(request.getMethod()) ? request.getMethod() : OTHER;
      this.headers =
          HttpFields.build(request.getHeaders()).remove(OVERRIDE).remove(WEB_SOCKET).asImmutable();
    }

    @Override
    public String getMethod() {
      return method;
    }

    @Override
    public HttpFields getHeaders() {
      return headers;
    }
  }

  @Override
  public Request customize(Request request, HttpFields.Mutable responseHeaders) {
    return new Filtered(request);
  }
}
