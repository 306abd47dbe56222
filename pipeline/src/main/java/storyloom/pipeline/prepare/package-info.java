/**
 * From a clean corpus to the ids that a training reads: {@link
 * storyloom.pipeline.prepare.CorpusEncoder} has the vocabulary counted and both splits encoded and
 * written as shards. Counting, encoding and shards themselves belong to {@code vocabulary} and
 * {@code batch}; where prepared corpora are kept is {@code storyloom.jobs.run}'s business.
 */
package storyloom.pipeline.prepare;
