/**
 * The network that is trained: a DL4J ComputationGraph of our own vertices and output layer.
 *
 * <p>Here stands what concerns the graph as a whole: {@link storyloom.model.nn.Seq2SeqGraph} (read
 * it first), its layout, its initial weights, the passes it is put through, Adam. What a single
 * layer computes belongs in {@link storyloom.model.nn.layer} or {@link storyloom.model.nn.output};
 * sizes and options in {@link storyloom.model.nn.config}. Nothing here knows of text, of files or
 * of Spark, and nothing here decodes: {@link storyloom.model.decode.network} computes the same
 * layers one step at a time.
 */
package storyloom.model.nn;
