/**
 * Training and measuring as stages of Spark ML: {@link storyloom.pipeline.ml.StoryTrainer}, an
 * Estimator, is the one to read first; {@link storyloom.pipeline.ml.StoryEvaluator} is the
 * Evaluator for its models, which are {@link storyloom.pipeline.generate.StoryGenerator}s.
 *
 * <p>How a training goes belongs to {@code train}, measures to {@code evaluate}; the commands of
 * {@code storyloom.jobs} use nothing of this. The names of classes and parameters stay: saved
 * pipelines hold them.
 */
package storyloom.pipeline.ml;
