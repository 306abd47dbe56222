/**
 * The story grammar that writes the corpus in {@code data/}: readable source as resources, a
 * context-free expander with bound variables, and a generator that is deterministic by its seed.
 */
package storyloom.bench.grammar;
