package storyloom.jobs.train;

import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import storyloom.jobs.chart.CleaningFiles;
import storyloom.jobs.cli.Console;
import storyloom.jobs.cluster.ClusterSession;
import storyloom.jobs.run.ParentModel;
import storyloom.jobs.run.TrainingRun;
import storyloom.model.UserException;
import storyloom.model.files.ChecksummedDirectory;
import storyloom.model.settings.Settings;
import storyloom.model.text.token.TextSettings;
import storyloom.model.text.token.Vocabulary;
import storyloom.pipeline.batch.PairEncoder;
import storyloom.pipeline.batch.PairShards;
import storyloom.pipeline.batch.PreparedCorpus;
import storyloom.pipeline.batch.ShardTotals;
import storyloom.pipeline.corpus.Corpus;
import storyloom.pipeline.corpus.CorpusSettings;
import storyloom.pipeline.corpus.report.CleaningReport;
import storyloom.pipeline.evaluate.HeldOutPairs;
import storyloom.pipeline.vocabulary.VocabularyBuilder;

/** From the text of a corpus to a folder of ids: read, cleaned, split, counted, encoded. */
final class CorpusEncoding {

  private final ClusterSession cluster;
  private final Settings settings;
  private final ParentModel parent;

  /**
   * @param settings those below {@code corpus.} and {@code text.} are used
   * @param parent whose vocabulary is kept
   */
  CorpusEncoding(ClusterSession cluster, Settings settings, ParentModel parent) {
    this.cluster = cluster;
    this.settings = settings;
    this.parent = parent;
  }

  /**
   * Fills a folder.
   *
   * @param run that gets the report of the cleaning besides
   * @param madeOf what the folder is to say that it is made of
   * @param workers shards of each split
   * @throws UserException if the corpus cannot be used
   */
  void fill(ChecksummedDirectory.Writer folder, TrainingRun run, String madeOf, int workers) {
    TextSettings text = settings.textSettings();
    try (Corpus corpus =
        Corpus.prepare(cluster.spark(), CorpusSettings.of(settings), report -> tell(report, run))) {
      int limit = settings.integer("text.vocabulary");
      Vocabulary vocabulary =
          parent.grown(
              VocabularyBuilder.build(
                  corpus.train(), text, settings.integer("text.min-count"), limit),
              limit);
      requireWords(vocabulary);
      try (PairEncoder encoder = new PairEncoder(cluster.spark(), text, vocabulary)) {
        ShardTotals train =
            write(encoder, corpus.train(), workers, PreparedCorpus.train(folder.folder()));
        ShardTotals valid =
            write(encoder, corpus.valid(), workers, PreparedCorpus.valid(folder.folder()));
        requirePairs("train", train);
        requirePairs("valid", valid);
        HeldOutPairs.write(corpus.valid(), PreparedCorpus.heldOut(folder.folder()));
        CleaningReport report =
            corpus.report().with(coverage("train", train)).with(coverage("valid", valid));
        CleaningFiles.write(report, run.told(), cluster.hadoop());
        CleaningFiles.write(report, folder);
        PreparedCorpus.describe(
            folder,
            PreparedCorpus.Contents.of(madeOf, corpus.hash(), vocabulary, workers, train, valid),
            vocabulary);
      }
    }
  }

  private ShardTotals write(PairEncoder encoder, Dataset<Row> pairs, int workers, Path shards) {
    return PairShards.write(encoder.encode(pairs), workers, shards, cluster.hadoop());
  }

  private void tell(CleaningReport report, TrainingRun run) {
    report.lines().forEach(Console::say);
    CleaningFiles.write(report, run.told(), cluster.hadoop());
  }

  private static CleaningReport.Coverage coverage(String split, ShardTotals totals) {
    return new CleaningReport.Coverage(
        split, totals.tokens(), totals.tokens() - totals.unknownTokens());
  }

  private void requireWords(Vocabulary vocabulary) {
    if (vocabulary.size() == Vocabulary.FIRST_WORD) {
      throw UserException.data(
          "no word of %s occurs text.min-count=%s times: set it lower or take a larger corpus"
              .formatted(settings.text("corpus.path"), settings.text("text.min-count")));
    }
  }

  private void requirePairs(String split, ShardTotals totals) {
    if (totals.pairs() == 0) {
      throw UserException.data(
          "no pair of the %s split of %s has a token on either side"
              .formatted(split, settings.text("corpus.path")));
    }
  }
}
