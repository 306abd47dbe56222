/**
 * What a story model is made with on Spark: from corpus files to clean pairs ({@code corpus}), to a
 * vocabulary ({@code vocabulary}), to ids in shards ({@code batch}), to trained weights ({@code
 * train}), to measures ({@code evaluate}) and stories ({@code generate}). {@code prepare} and
 * {@code ml} join these: the former for the commands too, the latter as stages of Spark ML.
 *
 * <p>In this package itself stands only what all of these say to Spark: how jobs are called on its
 * pages and how cached data is let go, and how work shares an executor's memory. It may use none of
 * the packages below. No command, no setting's default and no file of a run's home belongs below
 * here: those are in {@code storyloom.jobs}. Read {@link storyloom.pipeline.corpus.Corpus} first,
 * then {@link storyloom.pipeline.train.Trainer}.
 */
package storyloom.pipeline;
