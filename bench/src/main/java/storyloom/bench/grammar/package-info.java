/**
 * The story grammar that writes the corpus in {@code data/}: readable source as resources, a
 * context-free expander with bound variables, and a generator that is deterministic by its seed. A
 * change here that changes a byte of {@code data/} must be committed with the new files.
 *
 * <p>Start with {@link storyloom.bench.grammar.PairGenerator}; {@link
 * storyloom.bench.grammar.CorpusWriter} writes what it draws.
 */
package storyloom.bench.grammar;
