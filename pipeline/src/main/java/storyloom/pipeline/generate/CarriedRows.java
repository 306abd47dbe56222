package storyloom.pipeline.generate;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.analysis.GetColumnByOrdinal;
import org.apache.spark.sql.catalyst.encoders.ExpressionEncoder;
import org.apache.spark.sql.catalyst.expressions.BoundReference;
import org.apache.spark.sql.catalyst.expressions.CreateNamedStruct;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GetStructField;
import org.apache.spark.sql.catalyst.expressions.KnownNullable;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.collection.JavaConverters;
import scala.reflect.ClassTag;

/**
 * Rows as Spark itself holds them. Other encoders make Java objects of all values and values of the
 * objects, which is work, and which changes some: strings that are not UTF-8, days that a time zone
 * or the Julian calendar has not got, the order of a map's entries.
 */
final class CarriedRows {

  private CarriedRows() {}

  /** Gives and takes rows of a table without a look at their values. */
  static Encoder<InternalRow> encoder(StructType schema) {
    Expression row = new BoundReference(0, schema, false);
    return new ExpressionEncoder<>(
        struct(schema, i -> new GetStructField(row, i, Option.empty())),
        struct(schema, i -> new KnownNullable(column(schema, i))),
        ClassTag.apply(InternalRow.class));
  }

  private static Expression column(StructType schema, int i) {
    return new GetColumnByOrdinal(i, schema.fields()[i].dataType());
  }

  private static Expression struct(StructType schema, IntFunction<Expression> value) {
    List<Expression> namesAndValues = new ArrayList<>();
    for (int i = 0; i < schema.size(); i++) {
      namesAndValues.add(Literal.create(schema.fieldNames()[i], DataTypes.StringType));
      namesAndValues.add(value.apply(i));
    }
    return new CreateNamedStruct(JavaConverters.asScalaBuffer(namesAndValues).toSeq());
  }
}
