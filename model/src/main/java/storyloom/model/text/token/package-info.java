/**
 * Tokens and their ids: how cleaned text is split and put together again ({@link
 * storyloom.model.text.token.Tokenizer}, by words or by byte-pair encoding), how the latter is
 * learned ({@link storyloom.model.text.token.BpeLearner}), and the {@link
 * storyloom.model.text.token.Vocabulary} with its files. Start reading at the tokenizer.
 *
 * <p>Counting the words of a corpus is the pipeline's job; here counts come in as {@link
 * storyloom.model.text.token.TokenCount}.
 */
package storyloom.model.text.token;
