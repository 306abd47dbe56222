package storyloom.model.text;

/**
 * A word, a mark or a marker of layout that some tokens spell.
 *
 * @param text what they spell, not empty
 * @param end number of tokens up to and including its last one
 */
record Word(String text, int end) {}
