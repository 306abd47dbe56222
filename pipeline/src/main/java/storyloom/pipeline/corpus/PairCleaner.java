package storyloom.pipeline.corpus;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Iterator;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.StreamSupport;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import storyloom.model.files.Sha256;
import storyloom.model.text.TextCodec;
import storyloom.model.text.clean.TextCleaner;
import storyloom.model.text.clean.TextSide;
import storyloom.model.text.filter.TextFilter;
import storyloom.pipeline.corpus.read.PairRule;
import storyloom.pipeline.corpus.read.RawCorpus;
import storyloom.pipeline.corpus.read.Split;
import storyloom.pipeline.corpus.report.ChangeRecorder;
import storyloom.pipeline.corpus.report.Example;
import storyloom.pipeline.corpus.report.ExampleSampler;
import storyloom.pipeline.corpus.report.Letters;

/**
 * Cleans the texts of the pairs of a split, each by itself, on the executors, and says which pairs
 * are unfit: from rows of {@link RawCorpus} to rows of {@link CleanedCorpus}.
 */
final class PairCleaner implements MapPartitionsFunction<Row, Row> {

  private final Split split;
  private final CorpusSettings settings;

  PairCleaner(Split split, CorpusSettings settings) {
    this.split = split;
    this.settings = settings;
  }

  @Override
  public Iterator<Row> call(Iterator<Row> pairs) {
    Task task = new Task(split, settings);
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(pairs, Spliterator.ORDERED), false)
        .map(task::clean)
        .iterator();
  }

  /** Cleans one pair after another; of one thread. */
  private static final class Task {
    private final Split split;
    private final int maxCharacters;
    private final TextCleaner cleaner;
    private final TextFilter filter;
    private final ChangeRecorder changes = new ChangeRecorder();
    private final ExampleSampler sampler = new ExampleSampler();

    Task(Split split, CorpusSettings settings) {
      this.split = split;
      this.maxCharacters = settings.maxCharacters();
      this.cleaner = TextCleaner.of(settings.cleaning());
      this.filter = TextFilter.of(settings.rejection());
    }

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
      int letters = 0;
      if (reason == null) {
        letters = Letters.count(rawPrompt) + Letters.count(rawStory);
        prompt = cleaner.clean(rawPrompt, TextSide.PROMPT, changes.on(TextSide.PROMPT));
        story = cleaner.clean(rawStory, TextSide.STORY, changes.on(TextSide.STORY));
        reason = reason(prompt, story);
      }
      byte[] pairHash = hash(prompt, story);
      long rank = ByteBuffer.wrap(pairHash).getLong();
      Example.Source source = new Example.Source(rank, raw.getString(3), raw.getLong(4));
      changes.offerTo(sampler, source);
      boolean kept = reason == null;
      if (kept) {
        // by other bytes than the rules' examples, lest these be the same pairs
        long wholeRank = ByteBuffer.wrap(pairHash).getLong(Long.BYTES);
        sampler.offerWhole(
            source.withRank(wholeRank), rawPrompt, rawStory, prompt, story, changes.removing());
      } else {
        sampler.offerDropped(reason, source, rawPrompt, rawStory);
      }
      return RowFactory.create(
          split.toString(),
          kept ? prompt : null,
          kept ? story : null,
          source.file(),
          source.line(),
          reason,
          pairHash,
          kept ? PromptHash.of(prompt) : rank,
          kept ? ByteBuffer.wrap(Sha256.of(story)).getLong() : rank,
          letters,
          changes.bits(),
          changes.endings(),
          changes.removed(),
          kept ? TextCodec.words(prompt) : 0,
          kept ? TextCodec.words(story) : 0,
          sampler.take());
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

    private static String orEmpty(String text) {
      return text == null ? "" : text;
    }

    /** SHA-256; where the prompt ends and the story begins makes a difference. */
    private static byte[] hash(String prompt, String story) {
      MessageDigest digest = Sha256.digest();
      byte[] bytes = prompt.getBytes(StandardCharsets.UTF_8);
      digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
      digest.update(bytes);
      return digest.digest(story.getBytes(StandardCharsets.UTF_8));
    }
  }
}
