/** Benchmarks behind {@code bin/bench}; never on a user's class path. */
package storyloom.bench;
