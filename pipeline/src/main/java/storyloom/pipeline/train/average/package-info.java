/**
 * Parameter averaging across the executors, exact and reproducible, behind DL4J's {@code
 * TrainingMaster}. {@link AveragingMaster} is the one to read first; then {@link AveragingRound},
 * which sends the state out ({@link StateSlices}), has each worker train ({@link WorkerRound} with
 * an {@link ExecutorGraph}), takes the means back ({@link SliceReduction}) and makes the next state
 * of them ({@link OuterOptimizer}).
 *
 * <p>All that runs on executors in a round is here, and nothing that outlasts one but the outer
 * optimizer: positions, reports and limits are {@code train.plan}'s, checkpoints {@code
 * train.checkpoint}'s, the update from one minibatch {@code model.nn}'s.
 */
package storyloom.pipeline.train.average;
