/**
 * The trained weights, one step of the decoder at a time. Read {@link
 * storyloom.model.decode.network.StepDecoder} first: it is all that the rest of the project sees,
 * and what another architecture implements. {@link
 * storyloom.model.decode.network.IncrementalDecoder} is the LSTM's, {@link
 * storyloom.model.decode.network.TransformerDecoder} the Transformer's; the equations are those of
 * {@link storyloom.model.nn.Seq2SeqGraph}, and what a row gets never depends on its batch-mates.
 *
 * <p>Nothing here chooses a token, trains or reads a file; loops over numbers belong to {@code
 * model.nn.kernel}.
 */
package storyloom.model.decode.network;
