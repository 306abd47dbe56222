/**
 * Reading a corpus: from the files at {@code corpus.path} to a {@link RawCorpus}, a table of pairs
 * for each split, with the file and line of each pair and what is wrong with it.
 *
 * <p>Nothing is cleaned or dropped here, and no text passes through the driver. Start with {@link
 * CorpusReader}; {@link CorpusLocator} finds the files, and each format has a reader of its own:
 * {@link AlignedLines}, {@link TablePairs}, {@link JsonLines}, {@link CsvRecords}. A new format is
 * a constant of {@link DataFormat} and a case in {@link CorpusReader}.
 *
 * <p>{@link ParquetTable}, {@link JsonTable}, {@link CsvTable} and {@link SparkTable} give all
 * columns of such files, for whoever carries them through; {@link FormatGuess} tells which of them
 * is meant, and {@link TableSession} is Spark's session for all.
 */
package storyloom.pipeline.corpus.read;
