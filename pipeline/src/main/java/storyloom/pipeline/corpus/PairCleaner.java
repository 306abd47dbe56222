package storyloom.pipeline.corpus;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import storyloom.model.files.Sha256;
import storyloom.model.text.TextCodec;
import storyloom.model.text.clean.TextCleaner;
import storyloom.model.text.clean.TextSide;
import storyloom.model.text.filter.TextFilter;
import storyloom.pipeline.corpus.read.Origin;
import storyloom.pipeline.corpus.read.PairRule;
import storyloom.pipeline.corpus.read.RawPairs;
import storyloom.pipeline.corpus.read.Split;
import storyloom.pipeline.corpus.report.Changes;
import storyloom.pipeline.corpus.report.ExampleSampler;

/** Cleans one pair of a split after another, in one task. */
final class PairCleaner {

  private final Split split;
  private final int maxCharacters;
  private final TextCleaner cleaner;
  private final TextFilter filter;
  private final Changes changes = new Changes();
  private final ExampleSampler sieve = new ExampleSampler();

  PairCleaner(Split split, CorpusSettings settings) {
    this.split = split;
    this.maxCharacters = settings.maxCharacters();
    this.cleaner = TextCleaner.of(settings.cleaning());
    this.filter = TextFilter.of(settings.rejection());
  }

  /**
   * Cleans a pair.
   *
   * @param raw a row of {@link RawPairs}
   * @return a row of {@link PairCleaning}
   */
  Row clean(Row raw) {
    String rawPrompt = orEmpty(raw.getString(0));
    String rawStory = orEmpty(raw.getString(1));
    String reason = raw.getString(2);
    if (reason == null && Math.max(rawPrompt.length(), rawStory.length()) > maxCharacters) {
      reason = PairRule.OVERLONG.toString();
    }
    changes.clear();
    String prompt = rawPrompt;
    String story = rawStory;
    if (reason == null) {
      prompt = cleaner.clean(rawPrompt, TextSide.PROMPT, changes.on(TextSide.PROMPT));
      story = cleaner.clean(rawStory, TextSide.STORY, changes.on(TextSide.STORY));
      reason = reason(prompt, story);
    }
    byte[] pair = digest(prompt, story);
    long rank = ByteBuffer.wrap(pair).getLong();
    Origin origin = new Origin(raw.getString(3), raw.getLong(4));
    changes.offerTo(sieve, rank, origin);
    boolean kept = reason == null;
    if (kept) {
      // by other bytes than the rules' examples, lest these be the same pairs
      long wholeRank = ByteBuffer.wrap(pair).getLong(Long.BYTES);
      sieve.offerWhole(wholeRank, origin, rawPrompt, rawStory, prompt, story);
    } else {
      sieve.offerDropped(reason, rank, origin, rawPrompt, rawStory);
    }
    return RowFactory.create(
        split.toString(),
        kept ? prompt : null,
        kept ? story : null,
        origin.file(),
        origin.line(),
        reason,
        pair,
        kept ? PromptHash.of(prompt) : rank,
        kept ? ByteBuffer.wrap(Sha256.of(story)).getLong() : rank,
        changes.bits(),
        kept ? TextCodec.words(prompt) : 0,
        kept ? TextCodec.words(story) : 0,
        sieve.take());
  }

  private String reason(String prompt, String story) {
    if (prompt.isBlank()) {
      return PairRule.BLANK_PROMPT.toString();
    }
    if (story.isBlank()) {
      return PairRule.BLANK_STORY.toString();
    }
    return filter
        .rejectedBy(prompt, TextSide.PROMPT)
        .or(() -> filter.rejectedBy(story, TextSide.STORY))
        .orElse(null);
  }

  /** The digest of a pair; where the prompt ends and the story begins makes a difference. */
  private static byte[] digest(String prompt, String story) {
    MessageDigest digest = Sha256.digest();
    byte[] bytes = prompt.getBytes(StandardCharsets.UTF_8);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
    digest.update(bytes);
    return digest.digest(story.getBytes(StandardCharsets.UTF_8));
  }

  private static String orEmpty(String text) {
    return text == null ? "" : text;
  }
}
