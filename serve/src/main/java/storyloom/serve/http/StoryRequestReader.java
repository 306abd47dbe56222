package storyloom.serve.http;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import storyloom.model.decode.DecodeSettings;
import storyloom.model.decode.DecodeSettings.Strategy;
import storyloom.model.decode.DecodingOption;
import storyloom.serve.http.Json.Fields;
import storyloom.serve.http.Problem.ProblemException;
import storyloom.serve.story.StoryRequest;

/**
 * Reads what a request asks for: the settings of the service, with what the request says over them.
 */
final class StoryRequestReader {

  /** What a request may choose; of the rest the service's settings stand. */
  private static final List<DecodingOption> OPTIONS =
      List.of(
          DecodingOption.STRATEGY,
          DecodingOption.TEMPERATURE,
          DecodingOption.TOP_K,
          DecodingOption.TOP_P,
          DecodingOption.MIN_P,
          DecodingOption.CANDIDATES,
          DecodingOption.PRIOR_WEIGHT,
          DecodingOption.BEAM_SIZE,
          DecodingOption.MAX_TOKENS,
          DecodingOption.MIN_TOKENS,
          DecodingOption.SEED);

  private final ServiceSettings settings;

  StoryRequestReader(ServiceSettings settings) {
    this.settings = settings;
  }

  /**
   * Parses the body of a request.
   *
   * @param body JSON
   * @throws ProblemException 400 that says what is wrong
   */
  StoryRequest read(byte[] body) {
    Fields fields = Json.fields(body);
    String prompt = fields.text("prompt");
    int stories = fields.integer("n", 1, settings.maxStories(), 1);
    boolean attention = fields.flag("attention");
    Map<DecodingOption, Object> chosen =
        decoding(fields, attention ? 1 : settings.rows() / stories);
    fields.refuseOthers();
    require(prompt != null, "prompt must be there: it is what the story is to be about");
    int minTokens = (int) chosen.get(DecodingOption.MIN_TOKENS);
    int maxTokens = (int) chosen.get(DecodingOption.MAX_TOKENS);
    require(
        minTokens <= maxTokens,
        "min_tokens must be at most max_tokens, %d, not %d".formatted(maxTokens, minTokens));
    DecodeSettings decoding = DecodeSettings.of(chosen::get);
    Strategy strategy = decoding.strategy();
    int beam = decoding.beam().size();
    require(
        stories == 1 || strategy != Strategy.GREEDY,
        "n must be 1 with the strategy greedy, which knows one story: use sample or beam");
    require(
        stories <= beam || strategy != Strategy.BEAM,
        "n must be at most beam, %d, not %d".formatted(beam, stories));
    require(
        decoding.candidates() * stories <= settings.rows() || strategy == Strategy.BEAM,
        "n times candidates must be at most %d, not %d"
            .formatted(settings.rows(), decoding.candidates() * stories));
    require(
        !attention || strategy != Strategy.BEAM,
        "attention is told of stories that are written word by word: use greedy or sample");
    require(
        !attention || (int) chosen.get(DecodingOption.CANDIDATES) == 1,
        "candidates must be 1 with attention, which is told of stories that are written word by word");
    return new StoryRequest(prompt, decoding, stories, attention);
  }

  /**
   * All options: what the request says of those that it may choose, within the service's limits.
   *
   * @param mostCandidates drafts of each story where the request says nothing of them
   */
  private Map<DecodingOption, Object> decoding(Fields fields, int mostCandidates) {
    Map<DecodingOption, Object> chosen = new EnumMap<>(DecodingOption.class);
    for (DecodingOption option : DecodingOption.values()) {
      chosen.put(option, usual(option, settings));
    }
    chosen.merge(DecodingOption.CANDIDATES, mostCandidates, StoryRequestReader::lesser);
    for (DecodingOption option : OPTIONS) {
      String field = field(option);
      chosen.compute(
          option,
          (same, usual) ->
              switch (option) {
                case BEAM_SIZE -> fields.integer(field, 1, settings.maxBeam(), (int) usual);
                case CANDIDATES -> fields.integer(field, 1, settings.rows(), (int) usual);
                case MAX_TOKENS -> fields.integer(field, 1, settings.maxTokens(), (int) usual);
                case MIN_TOKENS -> fields.integer(field, 0, settings.maxTokens(), (int) usual);
                default -> fields.option(field, option, usual);
              });
      if (option == DecodingOption.MAX_TOKENS) { // a request for little is no mistake
        chosen.merge(DecodingOption.MIN_TOKENS, chosen.get(option), StoryRequestReader::lesser);
      }
    }
    return chosen;
  }

  private static Object lesser(Object one, Object other) {
    return Math.min((int) one, (int) other);
  }

  /** What a request gets that says nothing about an option. */
  private static Object usual(DecodingOption option, ServiceSettings settings) {
    return switch (option) {
      case BEAM_SIZE -> settings.usualBeam();
      case MAX_TOKENS -> settings.usualTokens();
      case BATCH -> settings.rows();
      default -> option.value(settings.decoding());
    };
  }

  /** What a request gets that says nothing, by the names of the fields. */
  static Map<String, Object> usual(ServiceSettings settings) {
    Map<String, Object> usual = new LinkedHashMap<>();
    OPTIONS.forEach(option -> usual.put(field(option), usual(option, settings)));
    return usual;
  }

  private static String field(DecodingOption option) {
    return option == DecodingOption.BEAM_SIZE ? "beam" : option.label().replace('-', '_');
  }

  private static void require(boolean right, String detail) {
    if (!right) {
      throw new ProblemException(Problem.invalid(detail));
    }
  }
}
