package storyloom.pipeline.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import storyloom.model.UserException;
import storyloom.pipeline.tune.SearchPlan.Kind;
import storyloom.pipeline.tune.SearchPlan.Objective;
import storyloom.pipeline.tune.TrialScheduler.Job;
import storyloom.pipeline.tune.Tuner.Ending;

@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class TunerTest {

  private static final double NO_LIMIT = Double.POSITIVE_INFINITY;

  private final TrialScheduler scheduler =
      new TrialScheduler(new SearchPlan(Kind.ASHA, 6, List.of(1, 3), 3, Objective.PERPLEXITY, 1));
  private final Events events = new Events();

  private static final class Events implements Tuner.Listener {
    private final List<String> all = new ArrayList<>();

    @Override
    public void begun(Job job) {
      all.add("begun " + job.trial() + "/" + job.rung());
    }

    @Override
    public void ended(RungResult result) {
      all.add("ended " + result.trial() + "/" + result.rung());
    }
  }

  private static RungResult done(Job job) {
    return new RungResult(job.trial(), job.rung(), job.trial(), 1, 1, List.of(1.0), "");
  }

  private static Tuner.Work done() {
    return (job, slots) -> done(job);
  }

  private Tuner tuner(Tuner.Work work, Runnable cancel, int slots) {
    return new Tuner(scheduler, work, cancel, () -> slots, events);
  }

  @Test
  void oneSlotTakesOneJobAfterAnother() {
    Ending ending = tuner(done(), () -> {}, 1).run(NO_LIMIT);

    assertThat(ending).isEqualTo(Ending.DONE);
    assertThat(events.all).hasSize(16).startsWith("begun 0/0", "ended 0/0", "begun 1/0");
    assertThat(scheduler.isDone()).isTrue();
  }

  @Test
  void asManyRunAtATimeAsThereAreSlots() {
    CyclicBarrier pairs = new CyclicBarrier(2);
    AtomicInteger jobs = new AtomicInteger();
    Tuner.Work work =
        (job, slots) -> {
          if (jobs.incrementAndGet() <= 4) {
            meet(pairs);
          }
          return done(job);
        };

    assertThat(tuner(work, () -> {}, 2).run(NO_LIMIT)).isEqualTo(Ending.DONE);
  }

  @Test
  void whereAllSlotsAreTakenEachTrialHasItsOwn() {
    Map<Job, Integer> used = new ConcurrentHashMap<>();
    CyclicBarrier four = new CyclicBarrier(4);
    Tuner.Work work =
        (job, slots) -> {
          used.put(job, slots);
          if (job.rung() == 0 && job.trial() < 4) {
            meet(four);
          }
          return done(job);
        };

    tuner(work, () -> {}, 4).run(NO_LIMIT);

    assertThat(used).hasSize(8).containsEntry(new Job(0, 0), 1).containsEntry(new Job(3, 0), 1);
    assertThat(used.values()).allMatch(slots -> slots >= 1 && slots <= 4);
  }

  @Test
  void aTrialThatIsAloneMayUseTheCoresOfAllSlots() {
    TrialScheduler one =
        new TrialScheduler(new SearchPlan(Kind.RANDOM, 1, List.of(3), 3, Objective.PERPLEXITY, 1));
    List<Integer> used = new ArrayList<>();
    Tuner.Work work =
        (job, slots) -> {
          used.add(slots);
          return done(job);
        };

    new Tuner(one, work, () -> {}, () -> 4, events).run(NO_LIMIT);

    assertThat(used).containsExactly(4);
  }

  private static void meet(CyclicBarrier others) {
    try {
      others.await();
    } catch (Exception alone) {
      throw new AssertionError(alone);
    }
  }

  @Test
  void whoeverStopsItCancelsWhatRunsAndItIsUnderWayStill() throws Exception {
    CountDownLatch cancelled = new CountDownLatch(1);
    Tuner.Work work =
        (job, slots) -> {
          await(cancelled);
          return RungResult.failed(job, "killed: cancelled");
        };
    Tuner tuner = tuner(work, cancelled::countDown, 2);
    Thread other = new Thread(tuner::stop);
    other.start();
    Ending ending = tuner.run(NO_LIMIT);
    other.join();

    assertThat(ending).isEqualTo(Ending.STOPPED);
    assertThat(events.all).doesNotContain("ended 0/0", "ended 1/0");
    assertThat(scheduler.results()).isEmpty();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void timeOverEndsIt() {
    CountDownLatch cancelled = new CountDownLatch(1);
    Tuner.Work work =
        (job, slots) -> {
          if (job.trial() < 2) {
            return done(job);
          }
          await(cancelled);
          return RungResult.failed(job, "killed: cancelled");
        };

    Ending ending = tuner(work, cancelled::countDown, 1).run(1);

    assertThat(ending).isEqualTo(Ending.TIME);
    assertThat(scheduler.leaders()).extracting(RungResult::trial).containsExactly(0, 1);
  }

  @Test
  void jobsThatWereUnderWayBeginAgainFirst() {
    scheduler.next();
    scheduler.next();

    tuner(done(), () -> {}, 1).run(NO_LIMIT);

    assertThat(events.all)
        .startsWith("begun 0/0", "ended 0/0", "begun 1/0", "ended 1/0", "begun 2/0");
    assertThat(scheduler.isDone()).isTrue();
  }

  @Test
  void aFileThatCannotBeReadEndsTheSearch() {
    Tuner.Work work =
        (job, slots) -> {
          throw UserException.data("the disk is full");
        };

    assertThatThrownBy(() -> tuner(work, () -> {}, 2).run(NO_LIMIT))
        .isInstanceOf(UserException.class)
        .hasMessage("the disk is full");
  }
}
