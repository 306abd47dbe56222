package storyloom.pipeline.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import storyloom.pipeline.tune.SearchPlan.Kind;
import storyloom.pipeline.tune.SearchPlan.Objective;
import storyloom.pipeline.tune.TrialScheduler.Job;

final class TrialSchedulerTest {

  private static SearchPlan asha(int trials, int epochs) {
    return new SearchPlan(
        Kind.ASHA, trials, SearchPlan.rungs(epochs, 3), 3, Objective.PERPLEXITY, 1);
  }

  private static RungResult result(Job job, double loss) {
    return new RungResult(job.trial(), job.rung(), loss, 1, 1, List.of(loss), "");
  }

  /** Runs a search one job after another; gives what was done in order. */
  private static List<Job> run(TrialScheduler scheduler, ToDoubleFunction<Job> loss) {
    List<Job> done = new ArrayList<>();
    for (Optional<Job> job = scheduler.next(); job.isPresent(); job = scheduler.next()) {
      done.add(job.get());
      scheduler.ended(result(job.get(), loss.applyAsDouble(job.get())));
    }
    return done;
  }

  private static List<Integer> counts(List<Job> done, int rungs) {
    return IntStream.range(0, rungs)
        .mapToObj(rung -> (int) done.stream().filter(job -> job.rung() == rung).count())
        .toList();
  }

  @Test
  void rungsAreThirdsOfTheOneAbove() {
    assertThat(SearchPlan.rungs(9, 3)).containsExactly(1, 3, 9);
    assertThat(SearchPlan.rungs(10, 3)).containsExactly(1, 3, 10);
    assertThat(SearchPlan.rungs(8, 2)).containsExactly(1, 2, 4, 8);
    assertThat(SearchPlan.rungs(1, 3)).containsExactly(1);
  }

  @Test
  void aThirdGoesOnAndAThirdOfThose() {
    TrialScheduler scheduler = new TrialScheduler(asha(27, 9));

    List<Job> done = run(scheduler, Job::trial);

    assertThat(counts(done, 3)).containsExactly(27, 9, 3);
    assertThat(scheduler.isDone()).isTrue();
    assertThat(scheduler.leaders().get(0).trial()).isZero();
  }

  /** A trial that goes on before the rest has begun is what asynchronous means. */
  @Test
  void aTrialGoesOnAsSoonAsItIsTheBestOfThree() {
    List<Job> done = run(new TrialScheduler(asha(9, 9)), job -> 9 - job.trial());

    assertThat(done)
        .startsWith(new Job(0, 0), new Job(1, 0), new Job(2, 0), new Job(2, 1), new Job(3, 0));
  }

  @Test
  void higherRungsGoFirst() {
    List<Job> done = run(new TrialScheduler(asha(27, 9)), job -> -job.trial());

    assertThat(done)
        .startsWith(
            new Job(0, 0),
            new Job(1, 0),
            new Job(2, 0),
            new Job(2, 1),
            new Job(3, 0),
            new Job(3, 1),
            new Job(4, 0),
            new Job(4, 1),
            new Job(4, 2),
            new Job(5, 0));
  }

  @Test
  void tooFewToBeHalvedStillEndWithOneThatIsTrainedToItsEnd() {
    TrialScheduler scheduler = new TrialScheduler(asha(4, 9));

    List<Job> done = run(scheduler, job -> job.trial() == 3 ? 1 : 2);

    assertThat(counts(done, 3)).containsExactly(4, 2, 1);
    assertThat(done.get(done.size() - 1)).isEqualTo(new Job(3, 2));
  }

  @Test
  void failuresNeverGoOnAndTheNextBestDoes() {
    TrialScheduler scheduler = new TrialScheduler(asha(3, 9));
    Map<Job, Integer> tried = new HashMap<>();
    for (Optional<Job> job = scheduler.next(); job.isPresent(); job = scheduler.next()) {
      tried.merge(job.get(), 1, Integer::sum);
      boolean fails = job.get().trial() == 0 || job.get().equals(new Job(1, 1));
      scheduler.ended(
          fails ? RungResult.failed(job.get(), "diverged") : result(job.get(), job.get().trial()));
    }

    assertThat(tried.values()).containsOnly(1);
    assertThat(tried).containsKey(new Job(2, 2)).doesNotContainKey(new Job(0, 1));
    assertThat(scheduler.leaders()).extracting(RungResult::trial).containsExactly(2);
  }

  @Test
  void allMayFail() {
    TrialScheduler scheduler = new TrialScheduler(asha(3, 9));
    for (Optional<Job> job = scheduler.next(); job.isPresent(); job = scheduler.next()) {
      scheduler.ended(RungResult.failed(job.get(), "out of memory"));
    }

    assertThat(scheduler.isDone()).isTrue();
    assertThat(scheduler.leaders()).isEmpty();
    assertThat(scheduler.living()).isEmpty();
  }

  @Test
  void aSearchOfOneRungTrainsEachToItsEnd() {
    SearchPlan plan = new SearchPlan(Kind.RANDOM, 5, List.of(7), 3, Objective.PERPLEXITY, 1);

    List<Job> done = run(new TrialScheduler(plan), Job::trial);

    assertThat(done).extracting(Job::trial).containsExactly(0, 1, 2, 3, 4);
  }

  @Test
  void equalTrialsAreToldApartByTheTimeTheyTook() {
    TrialScheduler scheduler = new TrialScheduler(asha(3, 3));
    for (int trial = 0; trial < 3; trial++) {
      Job job = scheduler.next().orElseThrow();
      scheduler.ended(new RungResult(job.trial(), 0, 5, 10 - trial, 1, List.of(5.0), ""));
    }

    assertThat(scheduler.next()).contains(new Job(2, 1));
  }

  @Test
  void aRankingIsTheBetterTheLarger() {
    assertThat(Objective.RANKING.loss(0.9)).isLessThan(Objective.RANKING.loss(0.1));
    assertThat(Objective.PERPLEXITY.loss(9)).isGreaterThan(Objective.PERPLEXITY.loss(1));
  }

  /**
   * Two at a time, in whatever order they end: the record alone brings a scheduler to its place.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void whatASchedulerWasToldBringsAnotherToTheSamePlace(long seed) {
    Random random = new Random(seed);
    TrialScheduler scheduler = new TrialScheduler(asha(20, 9));
    List<Object> record = new ArrayList<>();
    Deque<Job> running = new ArrayDeque<>();
    for (int step = 0; step < 30; step++) {
      while (running.size() < 3) {
        Optional<Job> next = scheduler.next();
        if (next.isEmpty()) {
          break;
        }
        running.add(next.get());
        record.add(next.get());
      }
      if (running.isEmpty()) {
        break;
      }
      if (random.nextBoolean()) {
        running.addLast(running.removeFirst());
      }
      RungResult result = result(running.removeFirst(), random.nextInt(100));
      scheduler.ended(result);
      record.add(result);

      TrialScheduler other = new TrialScheduler(asha(20, 9));
      for (Object event : record) {
        if (event instanceof Job job) {
          other.started(job);
        } else {
          other.ended((RungResult) event);
        }
      }
      assertThat(other.underWay()).isEqualTo(scheduler.underWay());
      assertThat(other.results()).isEqualTo(scheduler.results());
      assertThat(other.living()).isEqualTo(scheduler.living());
    }
  }

  @Test
  void onlyTrialsThatMayGoOnOrLeadStayAlive() {
    TrialScheduler scheduler = new TrialScheduler(asha(9, 9));
    for (int trial = 0; trial < 9; trial++) {
      scheduler.started(new Job(trial, 0));
    }
    for (int trial = 0; trial < 9; trial++) {
      scheduler.ended(result(new Job(trial, 0), trial));
    }

    assertThat(scheduler.living()).containsExactlyInAnyOrder(0, 1, 2);
  }

  @Test
  void aTrialUnderWayIsAlive() {
    TrialScheduler scheduler = new TrialScheduler(asha(9, 9));
    Job job = scheduler.next().orElseThrow();

    assertThat(scheduler.living()).containsExactly(job.trial());
    assertThat(scheduler.isDone()).isFalse();
  }

  @Test
  void aRecordThatCannotBeIsRefused() {
    TrialScheduler scheduler = new TrialScheduler(asha(9, 9));

    assertThatThrownBy(() -> scheduler.started(new Job(1, 0)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> scheduler.started(new Job(0, 1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> scheduler.ended(result(new Job(0, 0), 1)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
