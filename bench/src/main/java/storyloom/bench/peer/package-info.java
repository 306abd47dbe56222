/**
 * What Storyloom is compared with inside this JVM: DL4J's own layers and DL4J's own parameter
 * averaging, on the same minibatches. Only commands use it; nothing here is part of what is
 * measured as ours.
 *
 * <p>Start with {@link storyloom.bench.peer.StockNetwork}.
 */
package storyloom.bench.peer;
