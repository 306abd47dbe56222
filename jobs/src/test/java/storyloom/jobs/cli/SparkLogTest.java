package storyloom.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import storyloom.model.UserException;

final class SparkLogTest {

  /** Keeps what comes out of the log. */
  private static final class Kept extends AbstractAppender {

    private final Queue<String> lines = new ConcurrentLinkedQueue<>();

    private Kept() {
      super("kept", null, null, true, Property.EMPTY_ARRAY);
    }

    @Override
    public void append(LogEvent event) {
      lines.add(event.getMessage().getFormattedMessage());
    }
  }

  private final Kept kept = new Kept();

  private static LoggerConfig all() {
    return ((LoggerContext) LogManager.getContext(false)).getConfiguration().getRootLogger();
  }

  @BeforeEach
  void keep() {
    kept.start();
    all().addAppender(kept, null, null);
  }

  @AfterEach
  void keepNoMore() {
    all().removeAppender(kept.getName());
    kept.stop();
  }

  @Test
  void whatTheCommandSaysItselfIsLeftOut() {
    SparkLog.quieten(false);
    Logger spark = LoggerFactory.getLogger("org.apache.spark.SomethingElse");
    spark.error("a task failed", new IllegalStateException(UserException.data("train.csv is bad")));
    LoggerFactory.getLogger("org.mlflow.tracking.Caller").warn("status 500, asking again");
    spark.error("only told by a test");

    assertThat(kept.lines).containsExactly("only told by a test");
  }
}
