package storyloom.pipeline.corpus.read;

/**
 * Where a pair stood.
 *
 * @param file short name of the file
 * @param line in it, or row of a Parquet file, from 1 on
 */
public record Origin(String file, long line) {}
