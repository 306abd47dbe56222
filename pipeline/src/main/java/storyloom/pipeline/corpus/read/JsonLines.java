package storyloom.pipeline.corpus.read;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;

/**
 * Pairs from JSON: one object a line or elements of arrays, with the members prompt and story.
 * Numbers and truth values are read as text; a member that is missing or null is a blank text. Any
 * other line is malformed, and costs itself only.
 */
final class JsonLines {

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  /** Lines at the start of each split that are looked into for their members' names. */
  private static final int SAMPLE = 100;

  private JsonLines() {}

  /** Rows of {@link RawCorpus}. */
  static JavaRDD<Row> pairs(JsonRecords files) {
    return files.records().map(JsonLines::pair);
  }

  /** The names of members that the first objects of each split have, in order. */
  static List<String> columns(JsonRecords files) {
    return files
        .records()
        .mapPartitions(lines -> names(lines).iterator())
        .distinct()
        .collect()
        .stream()
        .sorted()
        .toList();
  }

  private static Stream<String> names(Iterator<LineFiles.Line> lines) {
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(lines, Spliterator.ORDERED), false)
        .limit(SAMPLE)
        .map(line -> parsed(line.text()))
        .filter(JsonNode::isObject)
        .flatMap(
            object ->
                StreamSupport.stream(
                    Spliterators.spliteratorUnknownSize(object.fieldNames(), Spliterator.ORDERED),
                    false))
        .distinct();
  }

  private static Row pair(LineFiles.Line line) {
    if (!line.valid()) {
      return RawCorpus.faulty(PairRule.INVALID_UTF8, line.text(), null, line.file(), line.number());
    }
    JsonNode object = parsed(line.text());
    JsonNode prompt = member(object, PairColumns.PROMPT);
    JsonNode story = member(object, PairColumns.STORY);
    if (!object.isObject() || prompt.isContainerNode() || story.isContainerNode()) {
      return RawCorpus.faulty(PairRule.MALFORMED, line.text(), null, line.file(), line.number());
    }
    return RawCorpus.row(text(prompt), text(story), line.file(), line.number());
  }

  /** The member of that name, else one whose name differs in case. */
  private static JsonNode member(JsonNode object, String name) {
    if (object.hasNonNull(name)) {
      return object.get(name);
    }
    return object.properties().stream()
        .filter(member -> member.getKey().equalsIgnoreCase(name) && !member.getValue().isNull())
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(JSON.missingNode());
  }

  /** The value of a line; a missing one if the line is not JSON. */
  private static JsonNode parsed(String line) {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException malformed) {
      return JSON.missingNode();
    }
  }

  private static String text(JsonNode value) {
    return value.isNull() || value.isMissingNode() ? null : value.asText();
  }
}
