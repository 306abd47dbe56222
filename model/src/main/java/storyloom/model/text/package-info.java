/**
 * From raw text to token ids and back, the same in training, generating, evaluating and serving.
 * Start reading at {@link storyloom.model.text.TextCodec}, which joins the cleaner ({@link
 * storyloom.model.text.clean}) and the tokenizer with its vocabulary ({@link
 * storyloom.model.text.token}).
 *
 * <p>What concerns pairs or a whole corpus, such as duplicates and splits, does not belong here but
 * to the pipeline; of {@link storyloom.model.text.filter} only corpora make use.
 */
package storyloom.model.text;
