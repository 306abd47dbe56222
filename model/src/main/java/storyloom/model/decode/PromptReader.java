package storyloom.model.decode;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import storyloom.model.bundle.Bundle;
import storyloom.model.decode.search.BannedWords;
import storyloom.model.decode.search.DecodedStory;
import storyloom.model.decode.search.OtherPrompts;
import storyloom.model.decode.search.RandomStream;
import storyloom.model.text.PairVocabulary;
import storyloom.model.text.TextCodec;

/**
 * Takes prompts as people write them and turns them into what a {@link StoryBatch} of the same
 * bundle takes, with the text settings that stand in the bundle. Safe to share between threads.
 */
public final class PromptReader {

  /**
   * What became of a prompt.
   *
   * @param tokens all of them, however many; none if the prompt is null or blank
   * @param ids at least one; none if it was rejected
   * @param words what its ids and those of its stories stand for
   * @param rejection what is wrong with it, in words; null if nothing is
   */
  public record Reading(List<String> tokens, int[] ids, PairVocabulary words, String rejection) {

    /** Whether there is no story for this prompt. */
    public boolean isRejected() {
      return rejection != null;
    }
  }

  private final TextCodec codec;
  private final int longestPrompt;
  private final boolean copies;
  private final OtherPrompts others;
  private final Map<List<String>, BannedWords> bannedWords = new ConcurrentHashMap<>();

  /**
   * @param bundle whose text settings and vocabulary are used
   */
  public PromptReader(Bundle bundle) {
    this.codec = new TextCodec(bundle.text(), bundle.vocabulary());
    this.longestPrompt = bundle.text().maxPromptTokens();
    this.copies = bundle.config().copy();
    this.others = OtherPrompts.of(bundle.vocabulary());
  }

  /** Turns text into ids and ids into text. */
  public TextCodec codec() {
    return codec;
  }

  /**
   * Cleans and encodes a prompt.
   *
   * @param prompt raw text; may be null or blank, and is then rejected
   */
  public Reading read(String prompt) {
    if (prompt == null) {
      return rejected(List.of(), "the prompt is null");
    }
    List<String> tokens = codec.promptTokens(prompt);
    if (tokens.isEmpty()) {
      return rejected(tokens, "the prompt is blank");
    }
    PairVocabulary words = PairVocabulary.of(codec.vocabulary(), tokens, copies);
    int[] ids = words.ids(tokens);
    return codec.isPromptTooLong(ids)
        ? rejected(tokens, "the prompt has " + ids.length + " tokens, more than " + longestPrompt)
        : new Reading(tokens, ids, words, null);
  }

  private Reading rejected(List<String> tokens, String rejection) {
    PairVocabulary words = PairVocabulary.of(codec.vocabulary(), codec.cutPrompt(tokens), copies);
    return new Reading(tokens, new int[0], words, rejection);
  }

  /**
   * Takes note of how stories are to be written, before any is.
   *
   * @throws storyloom.model.UserException of usage if a banned word is none to this model
   */
  public void prepare(DecodeSettings settings) {
    bannedWords(settings);
  }

  private BannedWords bannedWords(DecodeSettings settings) {
    return bannedWords.computeIfAbsent(
        settings.constraints().bannedWords(), words -> BannedWords.of(codec, words));
  }

  /**
   * What a batch takes.
   *
   * @param prompt one that was not rejected
   * @param stream the random numbers of its story
   * @param wanted stories, at least 1; without a beam there is one
   * @param listener hears of tokens as they are written
   */
  public GenerationRequest request(
      Reading prompt,
      RandomStream stream,
      DecodeSettings settings,
      int wanted,
      GenerationRequest.Listener listener) {
    return new GenerationRequest(
        prompt.ids(),
        stream,
        settings,
        wanted,
        others,
        bannedWords(settings).with(prompt.words().copied()),
        listener);
  }

  /**
   * A story as people read it.
   *
   * @param prompt the one that it was written for
   */
  public GeneratedStory generated(Reading prompt, DecodedStory story) {
    return new GeneratedStory(
        codec.text(prompt.words().tokens(story.tokens())),
        story.tokens().length,
        story.logProb(),
        story.finishReason(),
        null);
  }
}
