/**
 * The rules that drop a pair from a corpus because its prompt or its story is none: {@link
 * storyloom.model.text.filter.TextFilter} asks each {@link
 * storyloom.model.text.filter.RejectionRule} in turn. Start reading there.
 *
 * <p>Rules see one cleaned text. What compares pairs with one another, such as the search for
 * duplicates, is the pipeline's; and no rule here is asked when somebody wants a story.
 */
package storyloom.model.text.filter;
