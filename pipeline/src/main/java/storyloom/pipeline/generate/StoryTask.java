package storyloom.pipeline.generate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.OptionalInt;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
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
final class StoryTask implements MapPartitionsFunction<Row, Row> {

  private final String bundle;
  private final String version;
  private final DecodeSettings settings;
  private final int promptIndex;
  private final int keyIndex;
  private final SerializableConfiguration configuration;
  private final LongAccumulator done;

  /**
   * @param bundle the bundle's directory, which all executors reach
   * @param version the bundle's version
   * @param done counts the rows that are done, for those who watch
   */
  StoryTask(
      String bundle,
      String version,
      DecodeSettings settings,
      int promptIndex,
      OptionalInt keyIndex,
      SerializableConfiguration configuration,
      LongAccumulator done) {
    this.bundle = bundle;
    this.version = version;
    this.settings = settings;
    this.promptIndex = promptIndex;
    this.keyIndex = keyIndex.orElse(-1);
    this.configuration = configuration;
    this.done = done;
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    if (!rows.hasNext()) {
      return Collections.emptyIterator();
    }
    TaskContext task = TaskContext.get();
    NativeThreads.set(Math.max(1, task.cpus()));
    SharedBundle held = SharedBundle.hold(bundle, version, configuration.value());
    task.addTaskCompletionListener((TaskCompletionListener) ended -> held.close());
    return new Stories(rows, new StoryDecoder(held.bundle(), settings));
  }

  private final class Stories implements Iterator<Row> {
    private final Iterator<Row> rows;
    private final StoryDecoder decoder;
    private Iterator<Row> ready = Collections.emptyIterator();

    Stories(Iterator<Row> rows, StoryDecoder decoder) {
      this.rows = rows;
      this.decoder = decoder;
    }

    @Override
    public boolean hasNext() {
      return ready.hasNext() || rows.hasNext();
    }

    @Override
    public Row next() {
      if (!hasNext()) {
        throw new NoSuchElementException("there are no more rows");
      }
      if (!ready.hasNext()) {
        ready = nextBatch();
      }
      return ready.next();
    }

    private Iterator<Row> nextBatch() {
      List<Row> batch = new ArrayList<>();
      while (batch.size() < settings.batch() && rows.hasNext()) {
        batch.add(rows.next());
      }
      List<GeneratedStory> stories = decoder.generate(batch.stream().map(this::request).toList());
      List<Row> wider = new ArrayList<>(batch.size());
      for (int i = 0; i < batch.size(); i++) {
        wider.add(widened(batch.get(i), stories.get(i)));
      }
      done.add(batch.size());
      return wider.iterator();
    }

    private Request request(Row row) {
      String key = keyIndex < 0 || row.isNullAt(keyIndex) ? "" : row.get(keyIndex).toString();
      return new Request(row.getString(promptIndex), key);
    }

    private Row widened(Row row, GeneratedStory story) {
      List<Object> values = new ArrayList<>(row.size() + StoryColumn.values().length);
      for (int i = 0; i < row.size(); i++) {
        values.add(row.get(i));
      }
      for (StoryColumn column : StoryColumn.values()) {
        values.add(value(column, story));
      }
      return RowFactory.create(values.toArray());
    }

    private Object value(StoryColumn column, GeneratedStory story) {
      boolean rejected = story.finishReason() == FinishReason.REJECTED;
      return switch (column) {
        case STORY -> story.story();
        case STORY_TOKENS -> rejected ? null : story.tokens();
        case LOG_PROB -> rejected ? null : story.logProb();
        case FINISH_REASON -> story.finishReason().label();
        case ERROR -> story.error();
        case MODEL -> version;
      };
    }
  }
}
