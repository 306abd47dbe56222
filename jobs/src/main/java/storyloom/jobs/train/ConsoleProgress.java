package storyloom.jobs.train;

import storyloom.jobs.cli.Console;
import storyloom.pipeline.train.plan.TrainingProgress;

/** Shows on stdout how a training goes, until closed. */
interface ConsoleProgress extends TrainingProgress, AutoCloseable {

  /**
   * A bar on a terminal, lines elsewhere.
   *
   * @param epochs how many there will be
   */
  static ConsoleProgress of(int epochs) {
    return Console.isTerminal()
        ? new ProgressBar(epochs, System.getenv("COLUMNS"))
        : new ProgressLines(epochs);
  }

  @Override
  void close();
}
