package storyloom.model.text.clean;

/**
 * One way in which raw text is made fit to learn from. Rules are stateless and safe to share
 * between threads; what the whole chain guarantees stands at {@link TextCleaner}.
 */
public interface CleaningRule {

  /** The rule's key below {@code text.clean} in reference.conf. */
  String name();

  /** Whether the rule is for texts of that side; most are for both. */
  default boolean concerns(TextSide side) {
    return true;
  }

  /** The text after this rule; the same object where there was nothing to mend. */
  String apply(String text);
}
