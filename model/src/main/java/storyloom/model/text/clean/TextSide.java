package storyloom.model.text.clean;

/** Which half of a pair a text is. */
public enum TextSide {
  /** What a story is asked for with. */
  PROMPT,
  /** What was written for a prompt. */
  STORY
}
