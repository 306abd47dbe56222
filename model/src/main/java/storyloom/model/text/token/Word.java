package storyloom.model.text.token;

/**
 * A word, a mark or a marker of layout that some tokens spell.
 *
 * @param text what they spell, not empty
 * @param end number of tokens up to and including its last one
 */
public record Word(String text, int end) {}
