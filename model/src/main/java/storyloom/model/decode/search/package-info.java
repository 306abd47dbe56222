/**
 * How a prompt comes to its stories when a model gives the logits of the next token: greedy
 * decoding, sampling and beam search, and the constraints on all of them. Read {@link
 * storyloom.model.decode.search.Search} first, then {@link
 * storyloom.model.decode.search.SingleSearch}, which is the default with {@link
 * storyloom.model.decode.search.Sampling}.
 *
 * <p>Nothing here computes logits or knows of batches or threads, and of text only {@link
 * storyloom.model.decode.search.BannedWords} does. A result depends on the logits and the row's own
 * random numbers alone.
 */
package storyloom.model.decode.search;
