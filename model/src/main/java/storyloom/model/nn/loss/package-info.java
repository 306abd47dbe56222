/**
 * Cross-entropy, token by token and added up: plain numbers that kernels fill, that output layer
 * and evaluation read, and that travel between workers.
 *
 * <p>Read {@link storyloom.model.nn.loss.LossTally} first. How losses are computed belongs in
 * {@link storyloom.model.nn.kernel}; measures of texts belong in {@link storyloom.model.eval}.
 * Nothing here knows of DL4J or ND4J.
 */
package storyloom.model.nn.loss;
