package storyloom.pipeline.generate;

import java.util.List;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.FunctionTableSubqueryArgumentExpression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.types.DataTypes;
import scala.Function1;
import scala.collection.JavaConverters;
import scala.collection.Seq;
import storyloom.model.UserException;

/**
 * Stories in SQL: {@code select story(title) from posts}, a prompt at a time, and {@code select *
 * from stories(table(posts))}, whole batches at a time.
 */
public final class StoryFunctions {

  private StoryFunctions() {}

  /**
   * Registers a function from a prompt to its story in a session.
   *
   * @param name of the function
   * @param bundle directory of the model, or {@code home/models/current} for the one that is
   *     current now
   * @throws UserException of data if the model cannot be used
   */
  public static void register(SparkSession session, String name, String bundle) {
    register(session, name, new StoryGenerator().setBundle(bundle));
  }

  /**
   * The same with the decoding parameters of a generator.
   *
   * @param generator whose columns say nothing here
   */
  public static void register(SparkSession session, String name, StoryGenerator generator) {
    session.udf().register(name, generator.function(session), DataTypes.StringType);
  }

  /**
   * Registers a table function in a session: from a table of prompts, or its name as a string, to
   * what the generator makes of it. The model is looked for whenever a query is analysed.
   *
   * @param name of the function
   * @param generator is copied
   */
  public static void registerTable(SparkSession session, String name, StoryGenerator generator) {
    StoryGenerator own = generator.copy(ParamMap.empty());
    Function1<Seq<Expression>, LogicalPlan> builder =
        arguments ->
            own.transform(table(session, name, JavaConverters.seqAsJavaList(arguments)))
                .queryExecution()
                .analyzed();
    session
        .sessionState()
        .tableFunctionRegistry()
        .createOrReplaceTempFunction(name, builder, "scala_udf");
  }

  private static Dataset<Row> table(SparkSession session, String name, List<Expression> arguments) {
    if (arguments.size() == 1) {
      if (arguments.get(0) instanceof FunctionTableSubqueryArgumentExpression table) {
        return Dataset.ofRows(session, table.plan());
      }
      if (arguments.get(0) instanceof Literal literal
          && literal.dataType().equals(DataTypes.StringType)
          && literal.value() != null) {
        return session.table(literal.value().toString());
      }
    }
    throw UserException.usage(
        "%s takes a table, as in %s(table(prompts)), or the name of one, as in %s('prompts')"
            .formatted(name, name, name));
  }
}
