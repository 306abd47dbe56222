package storyloom.model.text.clean;

/** Is told what the rules do to a text while it is cleaned, such as for a report. */
@FunctionalInterface
public interface CleaningObserver {

  /**
   * A rule changed the text. One rule may change a text several times, each time what is left by
   * the others.
   *
   * @param rule one of {@link TextCleaner#ruleNames()}
   */
  void changed(String rule, String before, String after);
}
