package storyloom.pipeline.train.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import storyloom.model.nn.config.LearningRate;
import storyloom.model.nn.loss.LossTally;
import storyloom.pipeline.train.plan.TrainingProgress.EpochReport;
import storyloom.pipeline.train.plan.TrainingProgress.RoundReport;

/**
 * Where a training stands, between two rounds: with the state's numbers, all that decides the rest
 * of it.
 *
 * @param epoch under way, counted from 0
 * @param round of that epoch that comes next, counted from 0
 * @param iteration updates that each worker has made
 * @param tally what the rounds of this epoch add up to so far
 * @param seconds that the rounds of this epoch took
 * @param epochs reports of those that are done
 */
public record TrainingPosition(
    int epoch,
    int round,
    int iteration,
    LossTally tally,
    double seconds,
    List<EpochReport> epochs) {

  /** Before the first update. */
  public static final TrainingPosition START =
      new TrainingPosition(0, 0, 0, LossTally.NONE, 0, List.of());

  /** Copies the list. */
  public TrainingPosition {
    epochs = List.copyOf(epochs);
  }

  /** After a round. */
  public TrainingPosition after(RoundReport report, int iteration) {
    return new TrainingPosition(
        epoch,
        report.round() + 1,
        iteration,
        tally.plus(report.tally()),
        seconds + report.seconds(),
        epochs);
  }

  /** After the epoch's last round, or the last before it was cut short, and its scoring. */
  public TrainingPosition after(EpochReport report) {
    List<EpochReport> done = new ArrayList<>(epochs);
    done.add(report);
    return new TrainingPosition(epoch + 1, 0, iteration, LossTally.NONE, 0, done);
  }

  /** What there is to say of this epoch once it is scored. */
  public EpochReport report(LossTally valid) {
    return new EpochReport(epoch, tally, valid, seconds);
  }

  /** The epoch with the lowest validation perplexity, the first of several; empty before one. */
  public Optional<EpochReport> best() {
    return epochs.stream().min(Comparator.comparingDouble(each -> each.valid().perplexity()));
  }

  /** How often a learning rate has been halved by now. */
  public int halvings(LearningRate rate) {
    return rate.halvings(epochs.stream().map(epoch -> epoch.valid().perplexity()).toList());
  }

  /** How many epochs have passed since the best one; 0 if that was the last. */
  int epochsSinceBest() {
    return best().map(best -> epochs.size() - 1 - epochs.indexOf(best)).orElse(0);
  }

  /** Seconds that all rounds took, those of the runs that this one resumes included. */
  double trainingSeconds() {
    return seconds + epochs.stream().mapToDouble(EpochReport::seconds).sum();
  }
}
