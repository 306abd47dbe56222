/**
 * What cleaning did to a corpus: counts for each split and rule, lengths, and examples chosen by a
 * hash of their content.
 *
 * <p>A report depends on the content of the corpus only, not on partitions or on tasks that ran
 * twice, and its memory does not grow with the corpus. How it is counted from rows is the matter of
 * {@code storyloom.pipeline.corpus}, how it is drawn that of {@code storyloom.jobs.chart}. Start
 * with {@link CleaningReport}; {@link ExampleSampler} chooses the examples.
 */
package storyloom.pipeline.corpus.report;
