/**
 * From clean pairs to minibatches: {@link PairEncoder} turns pairs into ids, {@link
 * WorkerAssignment} says which worker trains on which, {@link PairShards} writes and reads a shard
 * file for each worker ({@link ShardFile} has the format), {@link EpochPlan} cuts a shard into the
 * minibatches of an epoch. {@link PreparedCorpus} is the folder that keeps all of it for later
 * runs.
 *
 * <p>Everything is a pure function of pairs, vocabulary, seed and number of workers, whatever the
 * partitions, so that a run can be resumed and reproduced. No network and no optimizer here. Read
 * {@link PairShards} first.
 */
package storyloom.pipeline.batch;
