/**
 * A year of nightly trainings in hours, {@code bin/bench year}: the corpus drifts from night to
 * night, some nights are killed, some find a poisoned corpus or a full disk, and after each of them
 * home is checked against what was promised. Nothing is timed here.
 *
 * <p>Start with {@link storyloom.bench.year.YearCommand}, then {@code Year}, which runs the nights.
 */
package storyloom.bench.year;
