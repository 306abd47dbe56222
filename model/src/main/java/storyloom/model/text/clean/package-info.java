/**
 * The cleaning of one text: {@link storyloom.model.text.clean.TextCleaner} has the rules in their
 * order, each {@link storyloom.model.text.clean.CleaningRule} is one class, and most are lists of
 * {@link storyloom.model.text.clean.Rewrite}. Start reading at the cleaner.
 *
 * <p>A rule sees one text and keeps nothing between two; it must leave what it has cleaned as it is
 * and take time in proportion to the text. What rejects a text instead of mending it is a rule of
 * {@link storyloom.model.text.filter}.
 */
package storyloom.model.text.clean;
