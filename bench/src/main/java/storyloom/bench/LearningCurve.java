package storyloom.bench;

import java.util.ArrayList;
import java.util.List;
import storyloom.bench.measure.RecordedTraining;
import storyloom.pipeline.train.plan.TrainingProgress.EpochReport;

/**
 * How the validation perplexity of a training fell.
 *
 * @param points at the start and at the end of each epoch, in order
 */
record LearningCurve(List<Point> points) {

  /**
   * What a training had come to.
   *
   * @param seconds since its start, scoring included
   * @param tokens target tokens trained on
   * @param perplexity of the validation split
   */
  record Point(double seconds, double tokens, double perplexity) {}

  /**
   * The curve of a training.
   *
   * @param vocabulary V, which is the perplexity of a model that has learned nothing
   */
  static LearningCurve of(RecordedTraining training, int vocabulary) {
    List<Point> points = new ArrayList<>(List.of(new Point(0, 0, vocabulary)));
    long tokens = 0;
    for (EpochReport epoch : training.epochs()) {
      tokens += epoch.train().tokens();
      points.add(
          new Point(training.epochEnds().get(epoch.epoch()), tokens, epoch.valid().perplexity()));
    }
    return new LearningCurve(points);
  }

  /** The lowest perplexity. */
  double best() {
    return points.stream().mapToDouble(Point::perplexity).min().orElseThrow();
  }

  /**
   * Where it first reaches a perplexity: between two epochs' ends, the logarithm of the perplexity
   * is taken to fall in a straight line.
   *
   * @throws IllegalArgumentException if it never does
   */
  Point reaching(double perplexity) {
    for (int i = 1; i < points.size(); i++) {
      Point from = points.get(i - 1);
      Point to = points.get(i);
      if (to.perplexity() <= perplexity) {
        double share =
            Math.max(0, Math.log(from.perplexity() / perplexity))
                / Math.log(from.perplexity() / to.perplexity());
        return new Point(
            from.seconds() + share * (to.seconds() - from.seconds()),
            from.tokens() + share * (to.tokens() - from.tokens()),
            perplexity);
      }
    }
    throw new IllegalArgumentException("no epoch reaches " + perplexity);
  }
}
