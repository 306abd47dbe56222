package storyloom.pipeline.generate;

import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.plans.logical.DeserializeToObject;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.MapPartitions;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.SerializeFromObject;
import scala.collection.JavaConverters;

/** Where the stories of a table come from, as far as Spark's plan of it tells. */
public final class StorySource {

  private StorySource() {}

  /**
   * The directory of the model that writes a table's stories, or is the last to do so; empty where
   * the stories were written before, and read from files.
   */
  public static Optional<String> bundle(Dataset<?> table) {
    return bundle(table.queryExecution().analyzed());
  }

  private static Optional<String> bundle(LogicalPlan plan) {
    return mapping(plan)
        .map(StoryMapping::bundle)
        .or(
            () ->
                JavaConverters.seqAsJavaList(plan.children()).stream()
                    .map(StorySource::bundle)
                    .flatMap(Optional::stream)
                    .findFirst());
  }

  private static Optional<StoryMapping> mapping(LogicalPlan plan) {
    Object function = plan instanceof MapPartitions mapping ? mapping.func() : null;
    return function instanceof StoryMapping stories ? Optional.of(stories) : Optional.empty();
  }

  /**
   * Some columns of a table. Where all of them are carried through by a generator that is the last
   * to do something about them, they are taken from before it, so that no story is written for
   * nothing.
   *
   * @param columns names as {@link Dataset#col} takes them
   */
  public static Dataset<Row> carried(Dataset<?> table, List<String> columns) {
    String[] rest = columns.stream().skip(1).toArray(String[]::new);
    Dataset<Row> selected = table.select(columns.get(0), rest);
    return beforeStories(selected.queryExecution().optimizedPlan())
        .map(plan -> Dataset.ofRows(table.sparkSession(), plan).select(columns.get(0), rest))
        .orElse(selected);
  }

  private static Optional<LogicalPlan> beforeStories(LogicalPlan plan) {
    if (plan instanceof Project project && isPlain(project)) {
      return beforeStories(project.child());
    }
    return plan instanceof SerializeFromObject rows
            && mapping(rows.child()).isPresent()
            && rows.child().children().head() instanceof DeserializeToObject prompts
        ? Optional.of(prompts.child())
        : Optional.empty();
  }

  /** Whether it only leaves columns out. */
  private static boolean isPlain(Project project) {
    return JavaConverters.seqAsJavaList(project.projectList()).stream()
        .allMatch(AttributeReference.class::isInstance);
  }
}
