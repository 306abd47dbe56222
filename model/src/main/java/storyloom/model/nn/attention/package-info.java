/**
 * The layers of a Transformer's blocks, as vertices of DL4J's graph with backward passes written
 * out by hand. Read {@link storyloom.model.nn.attention.ResidualVertex} first: each layer adds to
 * what passes through it. All tokens stand row after row in here, not step by step as in {@code
 * model.nn.layer}: {@link storyloom.model.nn.attention.RowOrderVertex} leads in and out.
 *
 * <p>Large products and dropout are those of {@code model.nn.kernel}; the loops that only these
 * layers have are in {@link storyloom.model.nn.attention.BlockLoops}.
 */
package storyloom.model.nn.attention;
