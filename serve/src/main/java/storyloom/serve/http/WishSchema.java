package storyloom.serve.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import storyloom.model.decode.DecodeSettings.Strategy;

/** The JSON schema of a request for stories, with the limits that a service has. */
final class WishSchema {

  /** Each takes a clause for what {@code n} may be with it. */
  private static final int MOST_BEAMS_TOLD_APART = 64;

  private final ObjectNode schema;
  private final ServiceSettings settings;

  /**
   * @param schema of any service; is changed
   */
  WishSchema(ObjectNode schema, ServiceSettings settings) {
    this.schema = schema;
    this.settings = settings;
  }

  /** Writes the limits into the schema. */
  void limit() {
    limit("n", settings.maxStories());
    limit("beam", settings.maxBeam());
    limit("candidates", settings.rows());
    limit("max_tokens", settings.maxTokens());
    limit("min_tokens", settings.maxTokens());
    ArrayNode all = schema.putArray("allOf");
    where(Strategy.GREEDY, all)
        .putObject("properties")
        .putObject("n")
        .putArray("enum")
        .add(1)
        .addNull();
    wordByWord(all.addObject());
    ObjectNode search = where(Strategy.BEAM, all);
    search.putObject("properties").putObject("attention").putArray("enum").add(false).addNull();
    if (settings.maxBeam() <= MOST_BEAMS_TOLD_APART) {
      storiesOfABeam(search.putArray("anyOf"));
    }
  }

  /** What is told while a story is written can be of no other draft. */
  private static void wordByWord(ObjectNode rule) {
    ObjectNode condition = rule.putObject("if");
    condition.putObject("properties").putObject("attention").putArray("enum").add(true);
    condition.putArray("required").add("attention");
    ObjectNode drafts = rule.putObject("then").putObject("properties").putObject("candidates");
    drafts.putArray("enum").add(1).addNull();
  }

  private void limit(String field, int most) {
    schema.withObject("/properties/" + field).put("maximum", most);
  }

  /** What must hold besides where stories are written so. */
  private ObjectNode where(Strategy strategy, ArrayNode all) {
    ObjectNode rule = all.addObject();
    ObjectNode condition = rule.putObject("if");
    ArrayNode names = condition.putObject("properties").putObject("strategy").putArray("enum");
    names.add(strategy.name().toLowerCase(Locale.ROOT));
    if (settings.decoding().strategy() == strategy) {
      names.addNull(); // also if it is not there
    } else {
      condition.putArray("required").add("strategy");
    }
    return rule.putObject("then");
  }

  /** Never more stories than a beam has drafts: schemas cannot compare two fields. */
  private void storiesOfABeam(ArrayNode any) {
    for (int beam = 1; beam <= Math.min(settings.maxStories(), settings.maxBeam()); beam++) {
      ObjectNode clause = any.addObject();
      ObjectNode fields = clause.putObject("properties");
      fields.putObject("n").put("maximum", beam);
      ObjectNode width = fields.putObject("beam").put("minimum", beam);
      if (beam > settings.usualBeam()) {
        width.put("type", "integer");
        clause.putArray("required").add("beam");
      }
    }
  }
}
