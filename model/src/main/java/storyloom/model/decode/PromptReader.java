package storyloom.model.decode;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import storyloom.model.bundle.Bundle;
import storyloom.model.decode.search.BannedWords;
import storyloom.model.decode.search.DecodedStory;
import storyloom.model.decode.search.OtherPrompts;
import storyloom.model.decode.search.RandomStream;
import storyloom.model.text.TextCodec;

/**
 * Takes prompts as people write them and turns them into what a {@link StoryBatch} of the same
 * bundle takes, with the text settings that stand in the bundle. Safe to share between threads.
 */
public final class PromptReader {

  /**
   * What became of a prompt.
   *
   * @param ids at least one; none if it was rejected
   * @param rejection what is wrong with it, in words; null if nothing is
   */
  public record Reading(int[] ids, String rejection) {

    private static Reading rejected(String rejection) {
      return new Reading(new int[0], rejection);
    }

    /** Whether there is no story for this prompt. */
    public boolean isRejected() {
      return rejection != null;
    }
  }

  private final TextCodec codec;
  private final int longestPrompt;
  private final OtherPrompts others;
  private final Map<List<String>, BannedWords> bannedWords = new ConcurrentHashMap<>();

  /**
   * @param bundle whose text settings and vocabulary are used
   */
  public PromptReader(Bundle bundle) {
    this.codec = new TextCodec(bundle.text(), bundle.vocabulary());
    this.longestPrompt = bundle.text().maxPromptTokens();
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
      return Reading.rejected("the prompt is null");
    }
    int[] ids = codec.promptIds(prompt);
    if (ids.length == 0) {
      return Reading.rejected("the prompt is blank");
    }
    return codec.isPromptTooLong(ids)
        ? Reading.rejected("the prompt has " + ids.length + " tokens, more than " + longestPrompt)
        : new Reading(ids, null);
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
   * @param ids of a prompt that was not rejected
   * @param stream the random numbers of its story
   * @param wanted stories, at least 1; without a beam there is one
   * @param listener hears of tokens as they are written
   */
  public GenerationRequest request(
      int[] ids,
      RandomStream stream,
      DecodeSettings settings,
      int wanted,
      GenerationRequest.Listener listener) {
    return new GenerationRequest(
        ids, stream, settings, wanted, others, bannedWords(settings), listener);
  }

  /** A story as people read it. */
  public GeneratedStory generated(DecodedStory story) {
    return new GeneratedStory(
        codec.story(story.tokens()),
        story.tokens().length,
        story.logProb(),
        story.finishReason(),
        null);
  }
}
