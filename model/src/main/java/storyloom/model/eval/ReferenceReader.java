package storyloom.model.eval;

import java.util.List;
import storyloom.model.bundle.Bundle;
import storyloom.model.text.TextCodec;
import storyloom.model.text.clean.TextSide;
import storyloom.model.text.token.TextSettings;
import storyloom.model.text.token.Vocabulary;

/** Reads pairs as the training of a model did, by the per-text rules alone. Immutable. */
public final class ReferenceReader {

  private final TextCodec codec;

  /** Reads for the model of a bundle. */
  public ReferenceReader(Bundle bundle) {
    this(bundle.text(), bundle.vocabulary());
  }

  ReferenceReader(TextSettings text, Vocabulary vocabulary) {
    this.codec = new TextCodec(text, vocabulary);
  }

  /**
   * A pair of raw texts as ids.
   *
   * @param prompt raw text; null counts as blank
   * @param story raw text; null counts as blank
   */
  public ReferencePair read(String prompt, String story) {
    int[] promptIds = prompt == null ? new int[0] : codec.cutPrompt(codec.promptIds(prompt));
    String text = story == null ? "" : codec.cleaner().clean(story, TextSide.STORY);
    List<String> tokens = codec.tokenizer().tokenize(text);
    if (codec.isStoryTooLong(tokens)) {
      tokens = codec.cutStory(tokens);
      text = codec.text(tokens);
    }
    List<String> unknown =
        tokens.stream().filter(token -> codec.vocabulary().id(token) == Vocabulary.OOV).toList();
    return new ReferencePair(promptIds, codec.ids(tokens), TextCodec.words(text) + 1, unknown);
  }
}
