package storyloom.serve.http;

import java.util.Arrays;
import java.util.List;
import storyloom.model.decode.DecodeSettings;
import storyloom.model.decode.DecodeSettings.Strategy;
import storyloom.model.decode.search.BeamSettings;
import storyloom.model.decode.search.Sampling;
import storyloom.model.decode.search.TokenConstraints;
import storyloom.serve.story.StoryRequest;

/**
 * Reads what a request asks for: the settings of the service, with what the request says over them.
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
   * Reads a request.
   *
   * @param body JSON
   * @throws ProblemException that says what is wrong
   */
  StoryRequest read(byte[] body) {
    JsonFields fields = new JsonFields(Json.object(body));
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
