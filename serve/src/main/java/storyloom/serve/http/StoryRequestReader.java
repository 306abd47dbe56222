package storyloom.serve.http;

import io.javalin.http.Context;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import storyloom.model.decode.DecodeSettings;
import storyloom.model.decode.DecodeSettings.Strategy;
import storyloom.model.decode.search.BeamSettings;
import storyloom.model.decode.search.Sampling;
import storyloom.model.decode.search.TokenConstraints;
import storyloom.serve.http.Json.Fields;
import storyloom.serve.http.Problem.ProblemException;
import storyloom.serve.story.StoryRequest;

/**
 * Reads what a request asks for: the settings of the service, overridden by what the request says.
 */
final class StoryRequestReader {

  private static final List<String> STRATEGIES =
      Arrays.stream(Strategy.values()).map(Strategy::label).toList();
  private static final double HOTTEST = 100;
  private static final double COLDEST = 0.01;
  private static final double LEAST_SHARE = 0.001;
  private static final int MOST_TOP = 10_000_000;

  private final ServiceSettings settings;

  StoryRequestReader(ServiceSettings settings) {
    this.settings = settings;
  }

  /**
   * Receives the body of a request, which must be JSON of bounded size.
   *
   * @throws ProblemException 415 for another media type, 413 for a larger body, 400 for half a body
   */
  byte[] receive(Context request) {
    String type = request.contentType();
    String plain = type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    if (!plain.equals(Json.MEDIA_TYPE)) {
      throw new ProblemException(
          Problem.of(
              "unsupported-media-type",
              415,
              "The body is not JSON",
              "send the header Content-Type: application/json"));
    }
    if (request.req().getContentLengthLong() > settings.maxBody()) {
      throw tooLarge();
    }
    try {
      byte[] body = request.req().getInputStream().readNBytes(settings.maxBody() + 1);
      if (body.length > settings.maxBody()) {
        throw tooLarge();
      }
      return body;
    } catch (IOException broken) {
      throw new ProblemException(Problem.invalid("the body has not come in whole"));
    }
  }

  private ProblemException tooLarge() {
    return new ProblemException(
        Problem.ofStatus(413, "the body must have at most %d bytes".formatted(settings.maxBody())));
  }

  /**
   * Parses the body of a request.
   *
   * @param body JSON
   * @throws ProblemException 400 that says what is wrong
   */
  StoryRequest read(byte[] body) {
    Fields fields = Json.fields(body);
    DecodeSettings usual = settings.decoding();
    String prompt = fields.text("prompt");
    Strategy strategy =
        Strategy.labelled(fields.choice("strategy", STRATEGIES, usual.strategy().label()));
    Sampling sampling =
        new Sampling(
            fields.number("temperature", COLDEST, HOTTEST, usual.sampling().temperature()),
            fields.integer("top_k", 0, MOST_TOP, usual.sampling().topK()),
            fields.number("top_p", LEAST_SHARE, 1, usual.sampling().topP()));
    int beam = fields.integer("beam", 1, settings.maxBeam(), settings.usualBeam());
    int maxTokens = fields.integer("max_tokens", 1, settings.maxTokens(), settings.usualTokens());
    int minTokens =
        fields.integer(
            "min_tokens",
            0,
            settings.maxTokens(),
            Math.min(maxTokens, usual.constraints().minTokens()));
    long seed = fields.whole("seed", Long.MIN_VALUE, Long.MAX_VALUE, usual.seed());
    int stories = fields.integer("n", 1, settings.maxStories(), 1);
    boolean attention = fields.flag("attention");
    fields.refuseOthers();
    require(prompt != null, "prompt must be there: it is what the story is to be about");
    require(
        minTokens <= maxTokens,
        "min_tokens must be at most max_tokens, %d, not %d".formatted(maxTokens, minTokens));
    require(
        stories == 1 || strategy != Strategy.GREEDY,
        "n must be 1 with the strategy greedy, which knows one story: use sample or beam");
    require(
        stories <= beam || strategy != Strategy.BEAM,
        "n must be at most beam, %d, not %d".formatted(beam, stories));
    require(
        !attention || strategy != Strategy.BEAM,
        "attention is told of stories that are written word by word: use greedy or sample");
    TokenConstraints more = usual.constraints();
    DecodeSettings decoding =
        new DecodeSettings(
            strategy,
            sampling,
            new BeamSettings(beam, usual.beam().lengthPenalty()),
            new TokenConstraints(
                minTokens,
                maxTokens,
                more.noRepeatNgram(),
                more.repetitionPenalty(),
                more.bannedWords()),
            settings.rows(),
            seed);
    return new StoryRequest(prompt, decoding, stories, attention);
  }

  private static void require(boolean right, String detail) {
    if (!right) {
      throw new ProblemException(Problem.invalid(detail));
    }
  }
}
