/** A year of nights in hours: {@code bin/bench year}. */
package storyloom.bench.year;
