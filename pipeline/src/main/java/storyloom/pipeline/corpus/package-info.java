/**
 * From raw pairs to a corpus that is ready for tokens: {@link CorpusCleaner} cleans the texts of
 * every pair, drops unfit ones and duplicates; {@link Splitter} takes validation pairs from train.
 *
 * <p>Text is handled on the executors only; the driver sees names and counts. What is done to a
 * single text lives in {@link storyloom.model.text}, how files are read in {@code read}, what is
 * reported in {@code report}; nothing here knows of tokens, ids or DL4J. Start with {@link Corpus},
 * then follow a pair through {@link CorpusCleaner}, {@link PairCleaner} and {@link
 * DuplicateFilter}. A new rule that drops pairs begins in {@link
 * storyloom.pipeline.corpus.read.PairRule}.
 */
package storyloom.pipeline.corpus;
