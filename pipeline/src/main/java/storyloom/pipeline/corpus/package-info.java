/**
 * From corpus files to clean pairs of a prompt and a story: reading, cleaning, duplicates, splits.
 *
 * <p>What is done to a single text lives in {@link storyloom.model.text}; here stands what concerns
 * pairs and the corpus as a whole. Text is handled on the executors only; the driver sees names and
 * counts.
 */
package storyloom.pipeline.corpus;
