package storyloom.pipeline.generate;

import java.util.List;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.MLWriter;
import org.json4s.JsonAST;
import scala.Option;
import scala.Tuple2;
import scala.collection.JavaConverters;

/**
 * Saves a generator as Spark ML saves its own stages, in JSON; the field {@code pinsModel} besides
 * tells those who look into a saved pipeline whether it follows a registry.
 */
final class GeneratorWriter extends MLWriter {

  private final StoryGenerator generator;

  GeneratorWriter(StoryGenerator generator) {
    this.generator = generator;
  }

  @Override
  public void saveImpl(String path) {
    boolean pins = generator.isSet(generator.bundle()) && !generator.followsRegistry();
    JsonAST.JObject more =
        new JsonAST.JObject(
            JavaConverters.asScalaBuffer(
                    List.of(
                        new Tuple2<String, JsonAST.JValue>(
                            "pinsModel", JsonAST.JBool$.MODULE$.apply(pins))))
                .toList());
    DefaultParamsWriter.saveMetadata(generator, path, sc(), Option.apply(more), Option.empty());
  }
}
