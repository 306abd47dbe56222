/**
 * What a model is and how it is trained, as numbers: nothing here computes.
 *
 * <p>{@link storyloom.model.nn.config.Seq2SeqConfig} (read it first) holds the sizes and options
 * that a bundle records; {@link storyloom.model.nn.config.Seq2SeqTensors} lists, once for graph,
 * initial weights, bundle and decoder, what each layer learns; {@link
 * storyloom.model.nn.config.Optimisation} and {@link storyloom.model.nn.config.LearningRate} say
 * how it learns. All are immutable and check themselves: an error names the key. No class of DL4J
 * or ND4J belongs here.
 */
package storyloom.model.nn.config;
