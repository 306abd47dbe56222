package storyloom.model.text.filter;

import storyloom.model.text.clean.TextSide;

/**
 * One reason why a pair is not worth learning from: its prompt or its story is no prompt or no
 * story at all. Rejection rules are for corpora only; who asks for a story gets one. Rules are
 * stateless and safe to share between threads.
 */
public interface RejectionRule {

  /** The rule's name in reports; of rules that are on or off, also their key below text.drop. */
  String name();

  /** Whether the rule rejects a cleaned text that is not blank. */
  boolean rejects(String cleaned, TextSide side);
}
