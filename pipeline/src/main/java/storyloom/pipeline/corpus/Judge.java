package storyloom.pipeline.corpus;

import java.util.Optional;
import storyloom.pipeline.corpus.read.PairRule;

/** Decides on the pairs of a partition, one after another. */
interface Judge {

  /** Why the pair is dropped; nothing if it is kept. */
  Optional<PairRule> verdict(CleanPair pair);
}
