/** From clean pairs to the vocabulary, counted across the cluster. */
package storyloom.pipeline.vocabulary;
