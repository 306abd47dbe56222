/**
 * From the clean pairs of the training split to the vocabulary, counted across the cluster.
 *
 * <p>There is one class, {@link VocabularyBuilder}: it counts tokens on the executors and hands the
 * most frequent ones to {@code storyloom.model.text.token}, where it is decided what a token is,
 * how pieces of words are learned and what a vocabulary looks like. Nothing here knows of shards or
 * of DL4J.
 */
package storyloom.pipeline.vocabulary;
