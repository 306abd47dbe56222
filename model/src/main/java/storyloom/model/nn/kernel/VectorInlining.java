package storyloom.model.nn.kernel;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.management.JMException;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells HotSpot what to inline around loops over vectors (compiler directives: JEP 165). Left to
 * itself it inlines a loop into its callers as the profile of that run suggests, and in a large
 * caller it no longer keeps every vector in a register: each is allocated on the heap, some hundred
 * megabytes an update. So each loop is compiled by itself, with the functions that it is made of.
 */
final class VectorInlining {

  private static final Logger LOG = LoggerFactory.getLogger(VectorInlining.class);

  private static final String DIRECTIVES =
      """
      [{
        match: "*.*",
        c2: {
          inline: [
            "+storyloom/model/nn/kernel/VectorMath.*",
            "+storyloom/model/nn/kernel/FlatVectors.lower",
            "+storyloom/model/nn/kernel/FlatVectors.upper",
            "+storyloom/model/nn/kernel/FlatVectors.plusSquares",
            "+storyloom/model/nn/kernel/FlatVectors.normal",
            "-storyloom/model/nn/kernel/FlatVectors.means",
            "-storyloom/model/nn/kernel/FlatVectors.descend",
            "-storyloom/model/nn/kernel/FlatVectors.squares",
            "-storyloom/model/nn/attention/VectorBlockLoops.*",
            "-storyloom/model/nn/kernel/RowVectors.*"
          ]
        }
      }]
      """;

  private VectorInlining() {}

  /** Once, before the first loop runs; another JVM than HotSpot goes on without. */
  static void direct() {
    try {
      Path file = Files.createTempFile("storyloom-inlining", ".json");
      try {
        Files.writeString(file, DIRECTIVES);
        Object answer =
            ManagementFactory.getPlatformMBeanServer()
                .invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                    "compilerDirectivesAdd",
                    new Object[] {new String[] {file.toString()}},
                    new String[] {String[].class.getName()});
        LOG.debug("Compiler directives: {}", answer);
      } finally {
        Files.delete(file);
      }
    } catch (IOException | JMException e) {
      LOG.debug("No compiler directives; loops over vectors may be slower", e);
    }
  }
}
