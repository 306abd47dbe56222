package storyloom.model.eval;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import storyloom.model.bundle.Bundle;
import storyloom.model.text.PairVocabulary;
import storyloom.model.text.TextCodec;
import storyloom.model.text.clean.TextSide;
import storyloom.model.text.token.TextSettings;
import storyloom.model.text.token.Vocabulary;

/**
 * A pair that a model is measured by, as ids without markers. The arrays are not copied: whoever
 * holds a pair must not change them.
 *
 * @param prompt cut to the longest prompt; may be empty, and can then not be scored
 * @param story cut as for training; may be empty
 * @param words of the story as far as it was kept, separated by white space, and one for its end
 * @param unknown the story's tokens that the vocabulary lacks, repeated ones too
 * @param copied how many of these the model can copy, because the prompt has them
 */
public record ReferencePair(int[] prompt, int[] story, int words, List<String> unknown, int copied)
    implements Serializable {

  /** By length of the story, then by content: pairs of one place are equal for the model. */
  public static final Comparator<ReferencePair> BY_LENGTH =
      Comparator.<ReferencePair>comparingInt(pair -> pair.story().length)
          .thenComparing(ReferencePair::story, Arrays::compare)
          .thenComparing(ReferencePair::prompt, Arrays::compare);

  public ReferencePair {
    unknown = List.copyOf(unknown);
  }

  /** For a model that does not copy. */
  public ReferencePair(int[] prompt, int[] story, int words, List<String> unknown) {
    this(prompt, story, words, unknown, 0);
  }

  /** Reads pairs as the training of a model did, by the per-text rules alone. Immutable. */
  public static final class Reader {

    private final TextCodec codec;
    private final boolean copies;

    /** Reads for the model of a bundle. */
    public Reader(Bundle bundle) {
      this(bundle.text(), bundle.vocabulary(), bundle.config().copy());
    }

    /**
     * Reads for models of such text settings and such a vocabulary.
     *
     * @param copies whether they copy
     */
    public Reader(TextSettings text, Vocabulary vocabulary, boolean copies) {
      this.codec = new TextCodec(text, vocabulary);
      this.copies = copies;
    }

    /**
     * A pair of raw texts as ids.
     *
     * @param prompt raw text; null counts as blank
     * @param story raw text; null counts as blank
     */
    public ReferencePair read(String prompt, String story) {
      List<String> read = prompt == null ? List.of() : codec.cutPrompt(codec.promptTokens(prompt));
      PairVocabulary vocabulary = PairVocabulary.of(codec.vocabulary(), read, copies);
      String text = story == null ? "" : codec.cleaner().clean(story, TextSide.STORY);
      List<String> tokens = codec.tokenizer().tokenize(text);
      if (codec.isStoryTooLong(tokens)) {
        tokens = codec.cutStory(tokens);
        text = codec.text(tokens);
      }
      List<String> unknown =
          tokens.stream().filter(token -> codec.vocabulary().id(token) == Vocabulary.OOV).toList();
      int copied = (int) unknown.stream().filter(t -> vocabulary.id(t) != Vocabulary.OOV).count();
      return new ReferencePair(
          vocabulary.ids(read), vocabulary.ids(tokens), TextCodec.words(text) + 1, unknown, copied);
    }
  }
}
