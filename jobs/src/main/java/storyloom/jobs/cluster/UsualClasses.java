package storyloom.jobs.cluster;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.length;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.fs.FileUtil;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/**
 * Uses of Spark what every job uses, and ends: so that a JVM which records the classes that it
 * loads ({@code -XX:ArchiveClassesAtExit}) has met them. {@code bin/lib/spark.sh} starts it once
 * for each Spark and Java; later jobs find the classes ready.
 */
public final class UsualClasses {

  private UsualClasses() {}

  /**
   * Reads and writes a few rows in a directory of its own, which it deletes.
   *
   * @throws IOException if there is no room for it
   */
  public static void main(String[] arguments) throws IOException {
    Path folder = Files.createTempDirectory("storyloom-classes-");
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", false)
            .appName("storyloom classes")
            .getOrCreate()) {
      String texts = folder.resolve("texts").toString();
      String json = folder.resolve("json").toString();
      String parquet = folder.resolve("parquet").toString();
      spark.range(100).select(col("id").cast("string").as("value")).write().text(texts);
      Dataset<Row> prompts = spark.read().text(texts).withColumnRenamed("value", "prompt");
      prompts.write().json(json);
      Dataset<String> longer =
          spark
              .read()
              .json(json)
              .as(Encoders.STRING())
              .map((MapFunction<String, String>) text -> text + ".", Encoders.STRING());
      longer
          .toDF("prompt")
          .groupBy(length(col("prompt")).as("length"))
          .count()
          .orderBy("length")
          .write()
          .mode(SaveMode.ErrorIfExists)
          .parquet(parquet);
      spark.read().parquet(parquet).javaRDD().map(row -> row.getLong(1)).reduce(Long::sum);
    } finally {
      FileUtil.fullyDelete(folder.toFile());
    }
  }
}
