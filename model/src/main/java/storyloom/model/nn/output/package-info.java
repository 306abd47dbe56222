/**
 * From features to a distribution over the vocabulary, and the loss.
 *
 * <p>{@link storyloom.model.nn.output.OutputLayer} (read it first) is the layer in DL4J's graph; a
 * {@code TokenDistribution} is one way to predict tokens: full and tied by {@code ChunkedSoftmax},
 * adaptive by {@code AdaptiveSoftmax}. No logits of a whole minibatch may stand in memory here.
 *
 * <p>A distribution that needs more than the features is given the vertex that has it: {@code
 * Seq2SeqGraph} hands it to the output layer once the graph stands. So it is with tied embeddings,
 * and with {@link storyloom.model.nn.layer.CopyVertex}, whose words of the prompt {@code
 * CopyingLoss} mixes into the softmax, chunk by chunk.
 */
package storyloom.model.nn.output;
