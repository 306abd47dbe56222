/**
 * Parameter averaging across the executors, exact and reproducible, behind DL4J's {@code
 * TrainingMaster}. {@link AveragingMaster} is the one to read first; then {@link AveragingRound},
 * which sends the state out ({@link StateBroadcast}), has tasks train a range of workers each
 * ({@link WorkerRound} with an {@link ExecutorGraph}) and join what these have learned ({@link
 * RangeMeans}, in the order of the {@link MeanTree}), takes the means back ({@link SliceReduction})
 * and makes the next state of them ({@link OuterOptimizer}). All that travels is {@link
 * SliceBlocks}.
 *
 * <p>All that runs on executors in a round is here, and nothing that outlasts one but the outer
 * optimizer: positions, reports and limits are {@code train.plan}'s, checkpoints {@code
 * train.checkpoint}'s, the update from one minibatch {@code model.nn}'s.
 */
package storyloom.pipeline.train.average;
