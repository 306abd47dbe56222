package storyloom.serve.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import storyloom.model.fixture.SmallBundle;
import storyloom.model.registry.Registry;
import storyloom.serve.http.FaultyFiles.Fault;

/**
 * Clients of all kinds, a promotion in the midst of each round, and a disk that fails now and then:
 * nothing is lost, and nothing is left behind. Between two rounds the memory is looked at.
 */
final class MixedLoadIT {

  private static final SmallBundle MODEL = SmallBundle.ofManyWords(20_000, 200);

  /**
   * Twice the weights of the model, or once with what decoding makes of them: what a single switch
   * would leave behind. The heap is resident from the start, so the process grows by arrays alone.
   */
  private static final long MODEL_BYTES = 2 * 4L * (2 * 200) * 20_015;

  private static final long HEAP_BYTES = 16 << 20;

  /** The first rounds warm up: the compiler, the threads' stacks, the allocator's pools. */
  private static final int WARM_UP = 2;

  @TempDir Path home;

  /** Of methods, routes and statuses that there are; each has metrics of its own. */
  private static final int MOST_KINDS_OF_REQUESTS = 30;

  private record Memory(long heap, long resident, long kinds) {

    static Memory of(TestService service) {
      System.gc();
      System.gc(); // what the first one has found out about references
      return new Memory(
          ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
          Pointer.physicalBytes(),
          service
              .get("/metrics")
              .body()
              .lines()
              .filter(line -> line.startsWith("storyloom_requests_seconds_count"))
              .count());
    }
  }

  @Test
  void halfAMinute() throws Exception {
    run(3, Duration.ofSeconds(10));
  }

  @Test
  @Tag("soak")
  void halfAnHour() throws Exception {
    run(30, Duration.ofMinutes(1));
  }

  private void run(int rounds, Duration length) throws Exception {
    try (TestService service =
        TestService.onFaultyFiles(
            home,
            MODEL,
            "serve.reload-seconds=0.2",
            "serve.tokens-file=" + TestService.tokensFile(home, MixedLoad.TOKENS),
            "serve.unauthorized-seconds=0.05",
            "serve.hosts=localhost,127.0.0.1",
            "decode.batch=16",
            "decode.max-tokens=40")) {
      String[] versions = {
        TestService.tree(service.get("/model").body()).get("model").textValue(),
        MODEL.withSeed(4).writeTo(home.resolve("models"))
      };
      Registry registry = new Registry(home.toString(), new Configuration());
      FaultyFiles.set(Fault.NOW_AND_THEN);
      MixedLoad load = new MixedLoad(service);
      List<Memory> memory = new ArrayList<>();
      for (int round = 1; round <= rounds; round++) {
        load.start();
        Thread.sleep(length.toMillis() / 2);
        registry.promote(versions[round % 2]);
        Thread.sleep(length.toMillis() / 2);
        load.stop();
        String current = versions[round % 2];
        TestService.await(
            "the promoted model writes", () -> MixedLoad.reload(service).body().contains(current));
        awaitQuiet(service);
        memory.add(Memory.of(service));
      }

      System.out.println(load + ", memory after each round: " + memory);
      assertThat(load.mishaps()).isEmpty();
      assertThat(load.models()).containsExactlyInAnyOrder(versions);
      assertThat(load.answered()).isGreaterThan(rounds);
      assertThat(load.refused()).isGreaterThan(rounds);
      assertThat(load.left()).isGreaterThan(rounds);
      assertThat(service.metric("storyloom_model_switches")).isEqualTo(rounds);
      assertThat(service.metric("storyloom_model_refusals")).isPositive();
      assertThat(service.metric("storyloom_model_look_failures")).isGreaterThan(rounds);
      Memory early = memory.get(WARM_UP - 1);
      Memory late = memory.get(rounds - 1);
      assertThat(late.heap() - early.heap()).isLessThan(HEAP_BYTES);
      assertThat(late.kinds()).isLessThan(MOST_KINDS_OF_REQUESTS);
      assertThat(late.resident() - early.resident()).isLessThan(2 * MODEL_BYTES);
    } finally {
      FaultyFiles.set(Fault.NONE);
    }
  }

  private static void awaitQuiet(TestService service) {
    for (String figure :
        List.of("storyloom_requests_busy", "storyloom_rows", "storyloom_waiting")) {
      TestService.await(figure + " is 0", () -> service.metric(figure) == 0);
    }
  }
}
