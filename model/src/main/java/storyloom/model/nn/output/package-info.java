/**
 * From features to a distribution over the vocabulary, and the loss.
 *
 * <p>{@link storyloom.model.nn.output.OutputLayer} (read it first) is the layer in DL4J's graph; a
 * {@code TokenDistribution} is one way to predict tokens: full and tied by {@code ChunkedSoftmax},
 * adaptive by {@code AdaptiveSoftmax}. No logits of a whole minibatch may stand in memory here.
 *
 * <p>A distribution that needs more than the features, such as one that copies words of the prompt,
 * is given the vertex that has it, as tied embeddings are: {@code Seq2SeqGraph} hands it to the
 * output layer once the graph stands. {@link storyloom.model.nn.layer.AttentionVertex#weights}
 * holds what each token looks at; the ids of the prompts are the graph's first input.
 */
package storyloom.model.nn.output;
