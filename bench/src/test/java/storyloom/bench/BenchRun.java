package storyloom.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;

/**
 * A benchmark that has been run as bin/bench runs it.
 *
 * @param status what it ended with
 * @param out what it printed for people and programs
 * @param err what it said of mistakes
 */
record BenchRun(int status, String out, String err) {

  static BenchRun of(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status =
        Bench.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(arguments);
    return new BenchRun(status, out.toString(), err.toString());
  }

  /** The line of JSON that it ended with; it must have succeeded. */
  JsonNode figures() throws JsonProcessingException {
    assertThat(status).as("%s", err).isZero();
    return new ObjectMapper().readTree(out.lines().reduce((earlier, later) -> later).orElseThrow());
  }
}
