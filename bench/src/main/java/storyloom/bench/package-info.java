/**
 * The benchmarks, one sub-command of {@code bin/bench} each, and the options that they share. A
 * command reads its options, has something timed and prints a table for people and, last, one line
 * of JSON. None of it is on a user's class path.
 *
 * <p>Start with {@link storyloom.bench.Bench}, which lists the commands. What they are measured on
 * comes from {@link storyloom.bench.load}, how they measure is in {@link storyloom.bench.measure},
 * what they are compared with in {@link storyloom.bench.peer}.
 */
package storyloom.bench;
