package storyloom.serve.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The events of a stream. */
record Events(List<Event> all) {

  /** One of them. */
  record Event(String name, JsonNode data) {}

  static Events parse(String stream) {
    return new Events(Arrays.stream(stream.split("\n\n")).map(Events::event).toList());
  }

  private static Event event(String block) {
    String[] lines = block.split("\n");
    if (lines.length != 2 || !lines[0].startsWith("event: ") || !lines[1].startsWith("data: ")) {
      throw new AssertionError("no event: " + block);
    }
    return new Event(
        lines[0].substring("event: ".length()),
        TestService.tree(lines[1].substring("data: ".length())));
  }

  List<String> names() {
    return all.stream().map(Event::name).toList();
  }

  List<JsonNode> named(String name) {
    return all.stream().filter(event -> event.name().equals(name)).map(Event::data).toList();
  }

  /** The text of all tokens. */
  String text() {
    return named("token").stream()
        .map(token -> token.get("text").textValue())
        .collect(Collectors.joining());
  }
}
