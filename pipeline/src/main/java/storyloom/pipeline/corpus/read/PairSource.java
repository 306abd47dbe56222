package storyloom.pipeline.corpus.read;

import org.apache.hadoop.fs.Path;

/**
 * Where pairs stand.
 *
 * @param split what they are for
 * @param format how they are written
 * @param prompts the file of the prompts
 * @param stories the file of the stories; the same one unless the format keeps them apart
 */
record PairSource(Split split, CorpusFormat format, Path prompts, Path stories) {}
