package storyloom.pipeline.generate;

import java.io.Serializable;
import org.apache.spark.sql.catalyst.InternalRow;
import scala.collection.Iterator;
import scala.collection.JavaConverters;
import scala.runtime.AbstractFunction1;

/**
 * What stands in Spark's plan of a table whose stories are still to be written, so that {@link
 * StorySource} finds it there: a Java function would be hidden in one of Scala's.
 */
final class StoryMapping extends AbstractFunction1<Iterator<InternalRow>, Iterator<InternalRow>>
    implements Serializable {

  private final String bundle;
  private final StoryTask task;

  /**
   * @param bundle directory of the model
   * @param task writes the stories of a partition
   */
  StoryMapping(String bundle, StoryTask task) {
    this.bundle = bundle;
    this.task = task;
  }

  /** Directory of the model. */
  String bundle() {
    return bundle;
  }

  @Override
  public Iterator<InternalRow> apply(Iterator<InternalRow> rows) {
    return JavaConverters.asScalaIterator(task.call(JavaConverters.asJavaIterator(rows)));
  }
}
