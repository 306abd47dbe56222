package storyloom.pipeline.tune;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Which trial is trained next, and how far: asynchronous successive halving (Li et al. 2020, "A
 * System for Massively Parallel Hyperparameter Tuning"). Whenever there is room, from the last rung
 * but one down: if a trial is among the best 1/η of those that have come to a rung, and has not
 * gone on yet, it does; else a new trial begins. Nobody waits for a rung to be full.
 *
 * <p>What it says is a function of what it was told, in the order in which it was told, and of
 * nothing else: no clock, no chance, no threads. A search of one rung trains each trial to its end.
 *
 * <p>Once all trials have begun and nothing is under way, the best trial below a rung that none has
 * reached goes on alone, so that a search always ends with one that was trained to its end.
 */
public final class TrialScheduler {

  /**
   * A piece of work: to train a trial on, from the rung before to this one.
   *
   * @param trial counted from 0
   * @param rung counted from 0
   */
  public record Job(int trial, int rung) {}

  /** Trials at the top whose weights stay, whatever else becomes of them. */
  private static final int LEADERS = 3;

  private final SearchPlan plan;
  private final List<List<RungResult>> rungs;
  private final List<Set<Integer>> promoted;
  private final Set<Job> underWay = new LinkedHashSet<>();
  private final Set<Integer> failed = new HashSet<>();
  private int begun;

  /** Before the first trial. */
  public TrialScheduler(SearchPlan plan) {
    this.plan = plan;
    this.rungs =
        plan.rungs().stream().map(rung -> (List<RungResult>) new ArrayList<RungResult>()).toList();
    this.promoted =
        plan.rungs().stream().map(rung -> (Set<Integer>) new HashSet<Integer>()).toList();
  }

  /** What to do next; empty if there is nothing to do until something has ended. */
  public Optional<Job> next() {
    Optional<Job> next = promotion();
    if (next.isEmpty() && begun < plan.trials()) {
      next = Optional.of(new Job(begun, 0));
    }
    if (next.isEmpty() && underWay.isEmpty()) {
      next = lastPromotion();
    }
    next.ifPresent(this::started);
    return next;
  }

  /**
   * Takes down that a job has begun, which {@link #next} does by itself: for what a record says.
   *
   * @throws IllegalArgumentException if the trial cannot have come so far
   */
  public void started(Job job) {
    boolean isNew = job.rung() == 0 && job.trial() == begun && begun < plan.trials();
    boolean isOn =
        job.rung() > 0
            && job.rung() < rungs.size()
            && promoted.get(job.rung() - 1).add(job.trial())
            && result(job.rung() - 1, job.trial()).isPresent();
    if (!isNew && !isOn) {
      throw new IllegalArgumentException("no such job: " + job);
    }
    begun += isNew ? 1 : 0;
    underWay.add(job);
  }

  /**
   * Takes down how a job has ended.
   *
   * @throws IllegalArgumentException if it is not under way
   */
  public void ended(RungResult result) {
    if (!underWay.remove(new Job(result.trial(), result.rung()))) {
      throw new IllegalArgumentException("not under way: " + result);
    }
    if (result.isFailure()) {
      failed.add(result.trial());
    }
    rungs.get(result.rung()).add(result);
  }

  /** Jobs that have begun and not ended, in the order in which they began. */
  public List<Job> underWay() {
    return List.copyOf(underWay);
  }

  /** Whether there is nothing left to do. */
  public boolean isDone() {
    return underWay.isEmpty()
        && begun == plan.trials()
        && promotion().isEmpty()
        && lastPromotion().isEmpty();
  }

  /**
   * Of the trials that have come to a rung and not failed there, the best 1/η that have not gone
   * on.
   */
  private Optional<Job> promotion() {
    for (int rung = plan.lastRung() - 1; rung >= 0; rung--) {
      List<RungResult> ranked = ranked(rung);
      int most = rungs.get(rung).size() / plan.reduction();
      Optional<Job> job = firstOf(ranked.subList(0, Math.min(most, ranked.size())), rung);
      if (job.isPresent()) {
        return job;
      }
    }
    return Optional.empty();
  }

  /** Where a rung stays empty because too few have come to the one below: the best of those. */
  private Optional<Job> lastPromotion() {
    for (int rung = plan.lastRung() - 1; rung >= 0; rung--) {
      boolean reached = rungs.get(rung + 1).stream().anyMatch(each -> !each.isFailure());
      if (reached) {
        return Optional.empty();
      }
      Optional<Job> job = firstOf(ranked(rung), rung);
      if (job.isPresent()) {
        return job;
      }
    }
    return Optional.empty();
  }

  private Optional<Job> firstOf(List<RungResult> ranked, int rung) {
    return ranked.stream()
        .map(RungResult::trial)
        .filter(trial -> !promoted.get(rung).contains(trial))
        .map(trial -> new Job(trial, rung + 1))
        .findFirst();
  }

  /** The results of a rung, the best first, failures left out. */
  private List<RungResult> ranked(int rung) {
    return rungs.get(rung).stream()
        .filter(each -> !each.isFailure())
        .sorted(RungResult.BEST_FIRST)
        .toList();
  }

  private Optional<RungResult> result(int rung, int trial) {
    return rungs.get(rung).stream()
        .filter(each -> each.trial() == trial && !each.isFailure())
        .findFirst();
  }

  /** All results so far, rung by rung, in the order in which they came. */
  public List<RungResult> results() {
    return rungs.stream().flatMap(List::stream).toList();
  }

  /** The newest result of each trial that has not failed, the best first. */
  public List<RungResult> leaders() {
    return IntStream.range(0, begun)
        .filter(trial -> !failed.contains(trial))
        .mapToObj(this::newest)
        .flatMap(Optional::stream)
        .sorted(RungResult.BEST_FIRST)
        .toList();
  }

  private Optional<RungResult> newest(int trial) {
    return results().stream().filter(each -> each.trial() == trial).reduce((old, now) -> now);
  }

  /**
   * The trials whose weights may still be needed: those under way, those that may go on, and the
   * best few.
   */
  public Set<Integer> living() {
    Stream<Integer> working = underWay.stream().map(Job::trial);
    Stream<Integer> hopeful = IntStream.range(0, plan.lastRung()).boxed().flatMap(this::hopeful);
    Stream<Integer> best = leaders().stream().limit(LEADERS).map(RungResult::trial);
    return Stream.of(working, hopeful, best)
        .flatMap(each -> each)
        .filter(trial -> !failed.contains(trial))
        .collect(Collectors.toSet());
  }

  /** Those of a rung that are good enough to go on if all others that can come there are worse. */
  private Stream<Integer> hopeful(int rung) {
    int most = plan.trials();
    for (int below = 0; below < rung; below++) {
      most = Math.max(1, most / plan.reduction());
    }
    return ranked(rung).stream()
        .limit(Math.max(1, most / plan.reduction()))
        .map(RungResult::trial)
        .filter(trial -> !promoted.get(rung).contains(trial));
  }
}
