package storyloom.pipeline.train.checkpoint;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.nd4j.linalg.api.ndarray.INDArray;
import storyloom.model.UserException;
import storyloom.model.bundle.Bundle;
import storyloom.model.bundle.Provenance;
import storyloom.model.bundle.Safetensors;
import storyloom.model.bundle.Weights;
import storyloom.model.files.ChecksummedDirectory;
import storyloom.model.nn.Seq2SeqGraph;
import storyloom.model.text.token.TextSettings;
import storyloom.model.text.token.Vocabulary;
import storyloom.pipeline.train.average.OuterOptimizer;
import storyloom.pipeline.train.average.WeightAverage;
import storyloom.pipeline.train.plan.TrainingPosition;

/**
 * A training as it stood between two rounds, read from its directory: a bundle, which every command
 * that takes a model takes as one, and beside it
 *
 * <pre>
 *   optimiser.safetensors   adam [2P]: first moments, then second moments; velocity [P], if the
 *                           outer optimizer has one; last [P], if the bundle has the average of the
 *                           weights: those that are trained on; all in the order of the graph's
 *                           flat parameters
 *   position.json           {@link TrainingPosition}
 * </pre>
 */
public final class Checkpoint implements AutoCloseable {

  private static final int FORMAT = 1;
  private static final String OPTIMISER = "optimiser.safetensors";
  private static final String POSITION = "position.json";
  private static final String ADAM = "adam";
  private static final String VELOCITY = "velocity";
  private static final String LAST = "last";

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  /**
   * What a checkpoint says of a training besides its numbers.
   *
   * @param settings how text became ids
   * @param vocabulary the tokens that the model knows
   * @param provenance where it comes from, as far as that is known at the start
   */
  public record Metadata(TextSettings settings, Vocabulary vocabulary, Provenance provenance) {}

  /** The content of position.json; the format covers the order of the optimiser's numbers too. */
  private record Positioned(int format, TrainingPosition position) {}

  private final Path directory;
  private final Bundle bundle;
  private final Weights optimiser;
  private final TrainingPosition position;

  private Checkpoint(Path directory, Bundle bundle, Weights optimiser, TrainingPosition position) {
    this.directory = directory;
    this.bundle = bundle;
    this.optimiser = optimiser;
    this.position = position;
  }

  /**
   * Writes a checkpoint beside its place and renames it when all of it has been read back.
   *
   * @param parent where the directory will stand; made if it is missing
   * @param name of the directory
   * @throws UserException if it cannot be written; nothing is left behind
   */
  static void write(
      Path parent,
      String name,
      Configuration configuration,
      Metadata metadata,
      Seq2SeqGraph model,
      OuterOptimizer outer,
      TrainingPosition position) {
    SortedMap<String, INDArray> optimiser = new TreeMap<>();
    optimiser.put(ADAM, model.graph().getUpdater(true).getStateViewArray());
    outer.velocity().ifPresent(velocity -> optimiser.put(VELOCITY, velocity));
    outer.average().ifPresent(average -> optimiser.put(LAST, average.numbers()));
    byte[] json = json(position);
    outer.average().ifPresent(WeightAverage::exchange); // a checkpoint is the model that was scored
    try (var directory = new ChecksummedDirectory.Writer(parent, configuration)) {
      Bundle.write(
          directory,
          model.config(),
          metadata.settings(),
          metadata.vocabulary(),
          model.weights(),
          metadata.provenance());
      directory.write(OPTIMISER, out -> Safetensors.write(out, optimiser, Map.of()));
      directory.write(POSITION, out -> out.write(json));
      directory.commit(name);
    } finally {
      outer.average().ifPresent(WeightAverage::exchange);
    }
  }

  private static byte[] json(TrainingPosition position) {
    try {
      return JSON.writeValueAsBytes(new Positioned(FORMAT, position));
    } catch (IOException e) {
      throw new IllegalArgumentException("no JSON: " + position, e);
    }
  }

  /**
   * Reads a checkpoint; every file is compared with its checksum first.
   *
   * @throws UserException of data, in one line, if it is missing, damaged or of a newer release
   */
  public static Checkpoint read(Path directory, Configuration configuration) {
    Bundle bundle = Bundle.read(directory, configuration);
    try {
      ChecksummedDirectory files = ChecksummedDirectory.open(directory, configuration);
      TrainingPosition position =
          files.read(POSITION, (in, length, file) -> position(in.readAllBytes(), file));
      Weights optimiser = files.read(OPTIMISER, Safetensors::read);
      return new Checkpoint(directory, bundle, optimiser, position);
    } catch (RuntimeException failure) {
      bundle.close();
      throw failure;
    }
  }

  private static TrainingPosition position(byte[] json, String file) throws IOException {
    JsonNode tree = JSON.readTree(json);
    if (tree.path("format").asInt() != FORMAT) {
      throw UserException.data(
          "%s is of another release, whose trainings this one cannot resume: resume with that one, or train anew without --resume"
              .formatted(file));
    }
    for (JsonNode tally : tree.findParents("correct")) {
      if (!tally.has("ownNll")) { // written before there were models that copy
        ((ObjectNode) tally).set("ownNll", tally.get("nll"));
      }
    }
    return JSON.treeToValue(tree, Positioned.class).position();
  }

  /** Where it lies. */
  public Path directory() {
    return directory;
  }

  /** Where the training stood. */
  public TrainingPosition position() {
    return position;
  }

  /** What is trained on, and how; the vocabulary and all else of the model. */
  public Bundle bundle() {
    return bundle;
  }

  /**
   * Gives a graph, its Adam and its outer optimizer the state that they had.
   *
   * @throws UserException of usage if an average of the weights is wanted, and there is none
   */
  public void restore(Seq2SeqGraph model, OuterOptimizer outer) {
    if (outer.average().isPresent() && !hasAverage()) {
      throw UserException.usage(
          "%s has no average of the weights to go on with: set train.weight-average to 0, or train anew without --resume"
              .formatted(directory));
    }
    restoreScoredWeights(model);
    if (hasAverage()) {
      outer.average().ifPresent(WeightAverage::exchange);
      model.graph().params().assign(optimiser.get(LAST));
    }
    model.graph().getUpdater(true).getStateViewArray().assign(optimiser.get(ADAM));
    outer.velocity().ifPresent(velocity -> velocity.assign(optimiser.get(VELOCITY)));
  }

  private boolean hasAverage() {
    return optimiser.tensors().containsKey(LAST);
  }

  /** Gives a graph the weights that were scored: their average, if one was taken. */
  public void restoreScoredWeights(Seq2SeqGraph model) {
    model.weights().forEach((name, tensor) -> tensor.assign(bundle.weights().get(name)));
  }

  /** Frees the numbers. */
  @Override
  public void close() {
    bundle.close();
    optimiser.close();
  }
}
