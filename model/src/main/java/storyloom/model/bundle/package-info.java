/**
 * What a trained model is on disk: bundle.json, its vocabulary and weights.safetensors, each
 * checked before it is used, nothing of it Java-serialised. Start reading at {@link
 * storyloom.model.bundle.Bundle}, which reads and writes all of it; {@link
 * storyloom.model.nn.config.Seq2SeqTensors} says which tensors there are.
 *
 * <p>Which bundle is the one to use is decided in {@link storyloom.model.registry}; what the files
 * of a vocabulary look like stands in {@link storyloom.model.text.token.VocabularyFiles}.
 */
package storyloom.model.bundle;
