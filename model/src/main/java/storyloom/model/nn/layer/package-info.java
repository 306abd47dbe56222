/**
 * The vertices between ids and features, and what they pass to each other: packed tokens.
 *
 * <p>{@link storyloom.model.nn.layer.Packing} (read it first) says in which order tokens stand;
 * {@link storyloom.model.nn.layer.ParameterVertex} is what all vertices have in common; each other
 * {@code …Vertex} is one layer, forward, backward and options in one file, and its equations stand
 * on top. Loops over numbers belong in {@link storyloom.model.nn.kernel}, names and shapes of
 * tensors in {@link storyloom.model.nn.config.Seq2SeqTensors}, the loss in {@link
 * storyloom.model.nn.output}.
 */
package storyloom.model.nn.layer;
