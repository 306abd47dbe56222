package storyloom.pipeline.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
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

  private Tuner tuner(Tuner.Work work, Runnable cancel, int slots) {
    return new Tuner(scheduler, work, cancel, () -> slots, events);
  }

  @Test
  void oneSlotTakesOneJobAfterAnother() {
    Ending ending = tuner(TunerTest::done, () -> {}, 1).run(NO_LIMIT);

    assertThat(ending).isEqualTo(Ending.DONE);
    assertThat(events.all).hasSize(16).startsWith("begun 0/0", "ended 0/0", "begun 1/0");
    assertThat(scheduler.isDone()).isTrue();
  }

  @Test
  void asManyRunAtATimeAsThereAreSlots() {
    CyclicBarrier pairs = new CyclicBarrier(2);
    AtomicInteger jobs = new AtomicInteger();
    Tuner.Work work =
        job -> {
          if (jobs.incrementAndGet() <= 4) {
            meet(pairs);
          }
          return done(job);
        };

    assertThat(tuner(work, () -> {}, 2).run(NO_LIMIT)).isEqualTo(Ending.DONE);
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
        job -> {
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
        job -> {
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

    tuner(TunerTest::done, () -> {}, 1).run(NO_LIMIT);

    assertThat(events.all)
        .startsWith("begun 0/0", "ended 0/0", "begun 1/0", "ended 1/0", "begun 2/0");
    assertThat(scheduler.isDone()).isTrue();
  }

  @Test
  void aFileThatCannotBeReadEndsTheSearch() {
    Tuner.Work work =
        job -> {
          throw UserException.data("the disk is full");
        };

    assertThatThrownBy(() -> tuner(work, () -> {}, 2).run(NO_LIMIT))
        .isInstanceOf(UserException.class)
        .hasMessage("the disk is full");
  }
}
