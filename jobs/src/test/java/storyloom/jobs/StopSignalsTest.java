package storyloom.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import storyloom.model.ExitStatus;
import storyloom.model.process.StopSignals;

/** A process of its own is sent real signals. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class StopSignalsTest {

  /** What a process ends with by itself when it is sent SIGTERM: 128 plus the signal's number. */
  private static final int TERMINATED = 128 + 15;

  private static final String WORKING = "working";
  private static final String SAVED = "saved";
  private static final String STOPPING = "stopping";

  private Process process;
  private BufferedReader output;

  /** Works until it is told to stop, then does the last of its work, if it is to. */
  static final class Command {

    public static void main(String[] args) throws InterruptedException {
      CountDownLatch told = new CountDownLatch(1);
      CountDownLatch finished = new CountDownLatch(args[0].equals("finish") ? 0 : 1);
      try (StopSignals signals = new StopSignals(() -> stop(told))) {
        System.out.println(WORKING);
        told.await();
        finished.await();
        System.out.println(SAVED);
      }
      if (args[1].equals("exit")) {
        System.exit(ExitStatus.STOPPED);
      }
      new CountDownLatch(1).await();
    }

    private static void stop(CountDownLatch told) {
      System.out.println(STOPPING);
      told.countDown();
    }
  }

  private void start(String jvmOption, String... args) throws IOException {
    List<String> line =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                jvmOption,
                "-Dorg.apache.logging.log4j.level=WARN",
                "-cp",
                System.getProperty("java.class.path"),
                Command.class.getName()));
    line.addAll(List.of(args));
    process = new ProcessBuilder(line).redirectErrorStream(true).start();
    output = process.inputReader(UTF_8);
  }

  @AfterEach
  void endTheProcess() {
    process.destroyForcibly();
  }

  /** The lines up to one that contains a text. */
  private String readUpTo(String text) throws IOException {
    StringBuilder read = new StringBuilder();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      read.append(line).append('\n');
      if (line.contains(text)) {
        return read.toString();
      }
    }
    throw new AssertionError("no \"" + text + "\" in:\n" + read);
  }

  private void terminate() {
    assertThat(process.toHandle().destroy()).isTrue();
  }

  @Test
  void firstSignalLetsTheCommandFinishAndSayHowItEnded() throws Exception {
    start("-Xmx64m", "finish", "exit");
    readUpTo(WORKING);

    terminate();

    readUpTo(STOPPING);
    readUpTo(SAVED);
    assertThat(process.waitFor()).isEqualTo(ExitStatus.STOPPED);
  }

  @Test
  void secondSignalEndsTheProcessAtOnce() throws Exception {
    start("-Xmx64m", "hang", "exit");
    readUpTo(WORKING);
    terminate();
    readUpTo(STOPPING);

    terminate();

    assertThat(process.waitFor()).isEqualTo(TERMINATED);
    assertThat(output.lines()).doesNotContain(SAVED);
  }

  @Test
  void signalsAreGivenBackWhenTheWorkIsDone() throws Exception {
    start("-Xmx64m", "finish", "stay");
    readUpTo(WORKING);
    terminate();
    readUpTo(SAVED);

    terminate();

    assertThat(process.waitFor()).isEqualTo(TERMINATED);
  }

  @Test
  void virtualMachineThatKeepsItsSignalsGoesOnWithoutAndSaysSo() throws Exception {
    start("-Xrs", "finish", "exit");

    assertThat(readUpTo(WORKING)).containsOnlyOnce("signals end this process at once");
    terminate();

    assertThat(process.waitFor()).isEqualTo(TERMINATED);
  }
}
