package storyloom.jobs.tracking;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.creds.BasicMlflowHostCreds;
import storyloom.model.UserException;
import storyloom.model.settings.Settings;

/**
 * A tracking server of MLflow, as the settings name it.
 *
 * @param uri its address, without a slash at its end
 * @param experiment which runs belong to there
 */
public record MlflowServer(String uri, String experiment) {

  private static final String URI_KEY = "train.mlflow-uri";
  private static final String EXPERIMENT_KEY = "train.mlflow-experiment";
  private static final Pattern SCHEME = Pattern.compile("https?", Pattern.CASE_INSENSITIVE);
  private static final String USER = "MLFLOW_TRACKING_USERNAME";
  private static final String PASSWORD = "MLFLOW_TRACKING_PASSWORD";
  private static final String TOKEN = "MLFLOW_TRACKING_TOKEN";

  /**
   * The server that these settings name; empty if they name none.
   *
   * @throws UserException of usage if the address is none of a server, or holds a password, which
   *     models and reports would show
   */
  public static Optional<MlflowServer> of(Settings settings) {
    String given = settings.text(URI_KEY);
    if (given.isEmpty()) {
      return Optional.empty();
    }
    URI address = address(given);
    if (address.getRawUserInfo() != null) {
      throw UserException.usage(
          "%s must not hold a user or password: put them into the environment, as %s and %s"
              .formatted(URI_KEY, USER, PASSWORD));
    }
    if (!SCHEME.matcher(String.valueOf(address.getScheme())).matches()
        || address.getHost() == null) {
      throw noAddress(given);
    }
    return Optional.of(
        new MlflowServer(given.replaceFirst("/+$", ""), settings.text(EXPERIMENT_KEY)));
  }

  private static URI address(String given) {
    try {
      return new URI(given);
    } catch (URISyntaxException e) {
      throw noAddress(given);
    }
  }

  private static UserException noAddress(String given) {
    return UserException.usage(
        "%s must be the http or https address of an MLflow server, such as http://mlflow:5000, not \"%s\""
            .formatted(URI_KEY, given));
  }

  /**
   * A client of the server, which does not look for it yet.
   *
   * @param environment where MLflow's own variables for a user's name and password, or a token, are
   *     looked up
   */
  MlflowClient client(Map<String, String> environment) {
    return new MlflowClient(
        new BasicMlflowHostCreds(
            uri, environment.get(USER), environment.get(PASSWORD), environment.get(TOKEN), false));
  }
}
