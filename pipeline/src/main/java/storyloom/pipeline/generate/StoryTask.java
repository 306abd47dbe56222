package storyloom.pipeline.generate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;
import storyloom.model.bundle.SharedBundle;
import storyloom.model.decode.DecodeSettings;
import storyloom.model.decode.GeneratedStory;
import storyloom.model.decode.StoryDecoder;
import storyloom.model.decode.StoryDecoder.Request;
import storyloom.model.decode.search.DecodedStory.FinishReason;
import storyloom.model.nn.kernel.NativeThreads;

/** Writes the stories of a partition, a batch at a time, whenever the reader asks for more. */
final class StoryTask implements MapPartitionsFunction<InternalRow, InternalRow> {

  private final String bundle;
  private final String version;
  private final DecodeSettings settings;
  private final int[] promptIndexes;
  private final int keyIndex;
  private final DataType keyType;
  private final SerializableConfiguration configuration;
  private final LongAccumulator done;

  /**
   * @param bundle the bundle's directory, which all executors reach
   * @param version the bundle's version
   * @param input the columns of the prompts' table
   * @param table where its prompts and keys stand
   * @param done counts the rows that are done, for those who watch
   */
  StoryTask(
      String bundle,
      String version,
      DecodeSettings settings,
      StructType input,
      StoryTable table,
      SerializableConfiguration configuration,
      LongAccumulator done) {
    this.bundle = bundle;
    this.version = version;
    this.settings = settings;
    this.promptIndexes = table.promptIndexes().stream().mapToInt(Integer::intValue).toArray();
    this.keyIndex = table.keyIndex().orElse(-1);
    this.keyType = keyIndex < 0 ? DataTypes.NullType : input.fields()[keyIndex].dataType();
    this.configuration = configuration;
    this.done = done;
  }

  @Override
  public Iterator<InternalRow> call(Iterator<InternalRow> rows) {
    if (!rows.hasNext()) {
      return Collections.emptyIterator();
    }
    TaskContext task = TaskContext.get();
    NativeThreads.set(Math.max(1, task.cpus()));
    SharedBundle held = SharedBundle.hold(bundle, version, configuration.value());
    task.addTaskCompletionListener((TaskCompletionListener) ended -> held.close());
    return new Stories(rows, new StoryDecoder(held.bundle(), settings));
  }

  private final class Stories implements Iterator<InternalRow> {
    private final Iterator<InternalRow> rows;
    private final StoryDecoder decoder;
    private Iterator<InternalRow> ready = Collections.emptyIterator();

    Stories(Iterator<InternalRow> rows, StoryDecoder decoder) {
      this.rows = rows;
      this.decoder = decoder;
    }

    @Override
    public boolean hasNext() {
      return ready.hasNext() || rows.hasNext();
    }

    @Override
    public InternalRow next() {
      if (!hasNext()) {
        throw new NoSuchElementException("there are no more rows");
      }
      if (!ready.hasNext()) {
        ready = nextBatch();
      }
      return ready.next();
    }

    private Iterator<InternalRow> nextBatch() {
      List<InternalRow> batch = new ArrayList<>();
      while (batch.size() < settings.batch() && rows.hasNext()) {
        batch.add(rows.next().copy()); // Spark uses one row for all
      }
      List<GeneratedStory> stories = decoder.generate(batch.stream().map(this::request).toList());
      List<InternalRow> wider = new ArrayList<>(batch.size());
      for (int i = 0; i < batch.size(); i++) {
        wider.add(widened(batch.get(i), stories.get(i)));
      }
      done.add(batch.size());
      return wider.iterator();
    }

    private Request request(InternalRow row) {
      String prompt =
          Arrays.stream(promptIndexes)
              .filter(index -> !row.isNullAt(index))
              .mapToObj(row::getUTF8String)
              .map(UTF8String::toString)
              .findFirst()
              .orElse(null);
      String key =
          keyIndex < 0 || row.isNullAt(keyIndex) ? "" : row.get(keyIndex, keyType).toString();
      return new Request(prompt, key);
    }

    private InternalRow widened(InternalRow row, GeneratedStory story) {
      Object[] added =
          Arrays.stream(StoryColumn.values()).map(column -> value(column, story)).toArray();
      return new JoinedRow(row, new GenericInternalRow(added));
    }

    private Object value(StoryColumn column, GeneratedStory story) {
      boolean rejected = story.finishReason() == FinishReason.REJECTED;
      return switch (column) {
        case STORY -> UTF8String.fromString(story.story());
        case STORY_TOKENS -> rejected ? null : story.tokens();
        case LOG_PROB -> rejected ? null : story.logProb();
        case FINISH_REASON -> UTF8String.fromString(story.finishReason().label());
        case ERROR -> UTF8String.fromString(story.error());
        case MODEL -> UTF8String.fromString(version);
      };
    }
  }
}
