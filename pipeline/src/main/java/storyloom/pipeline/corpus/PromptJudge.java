package storyloom.pipeline.corpus;

import java.util.Optional;
import storyloom.pipeline.corpus.read.PairRule;

/**
 * Drops from train the pairs whose prompt stands in valid or test. Pairs come sorted by the number
 * of their prompts, those of other splits than train first.
 */
final class PromptJudge implements Judge {

  private boolean shared;
  private long sharedPrompt;

  @Override
  public Optional<PairRule> verdict(CleanPair pair) {
    if (!pair.train()) {
      shared = true;
      sharedPrompt = pair.prompt();
      return Optional.empty();
    }
    return shared && pair.prompt() == sharedPrompt
        ? Optional.of(PairRule.SHARED_PROMPT)
        : Optional.empty();
  }
}
