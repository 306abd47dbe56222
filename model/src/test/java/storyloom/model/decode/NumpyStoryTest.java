package storyloom.model.decode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import storyloom.model.bundle.Bundle;
import storyloom.model.bundle.Provenance;
import storyloom.model.decode.search.DecodedStory;
import storyloom.model.decode.search.RandomStream;
import storyloom.model.nn.OutputOptions;
import storyloom.model.nn.Seq2SeqGraph;
import storyloom.model.nn.config.AttentionKind;
import storyloom.model.nn.config.Optimisation;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.config.TransformerConfig;
import storyloom.model.nn.layer.Minibatch;
import storyloom.model.text.token.TextSettings;
import storyloom.model.text.token.TokenCount;
import storyloom.model.text.token.Vocabulary;

/** What docs/python.md says is so: its Python reads a bundle and writes the stories that we do. */
class NumpyStoryTest {

  private static final Path PROGRAM = Path.of("../docs/numpy_story.py");
  private static final Path PAGE = Path.of("../docs/python.md");
  private static final String MODEL_OF_THE_PAGE = "/srv/storyloom/models/20261122T155000-0a1b2c3d";
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```python\\n(.*?)^```");
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Words that readers of TSV take for something else, and those that the page asks for. */
  private static final List<String> WORDS =
      List.of("\"", "'", "\"fox", "\\", "\\t", "a\tb", "a\nb", "NA", "null", "#", "fox", "moon");

  private static final int VOCABULARY = 40;

  @TempDir private static Path folder;

  private static Vocabulary vocabulary;
  private static Trained plain;
  private static Trained copying;

  /**
   * A model and what we make of it.
   *
   * @param pairs that it was trained on
   * @param written its greedy stories
   * @param nll of the stories of the pairs
   */
  private record Trained(
      Path bundle, Minibatch pairs, List<DecodedStory> written, List<Double> nll) {}

  /** What a program has said. */
  private record Answer(int status, String out, String err) {}

  @BeforeAll
  static void trainALittle() throws Exception {
    assumeTrue(
        hasNumpy(), "docs/numpy_story.py is not run: there is no python3 with NumPy on the PATH");
    vocabulary = vocabulary();
    List<int[]> prompts = sequences(12, 11);
    List<int[]> stories = sequences(12, 12);
    plain =
        trained(
            OutputOptions.config(VOCABULARY, 12, 20, false, List.of()),
            new Minibatch(prompts, stories));
    copying =
        trained(
            OutputOptions.copying(VOCABULARY, 12, 20, false).copyingAllBut(List.of(4, 7, 11)),
            new Minibatch(
                prompts.stream().map(prompt -> with(prompt, 0)).toList(),
                stories.stream().map(story -> with(story, story.length / 2)).toList()));
  }

  /** The ids, but at one place the first word of the prompt, which the vocabulary lacks. */
  private static int[] with(int[] ids, int place) {
    int[] other = ids.clone();
    other[place] = VOCABULARY;
    return other;
  }

  private static Trained trained(Seq2SeqConfig config, Minibatch pairs) {
    List<int[]> prompts = pairs.prompts();
    try (Seq2SeqGraph model = Seq2SeqGraph.create(config, new Optimisation(0.01, 5, 1))) {
      for (int i = 0; i < 40; i++) {
        model.fit(pairs);
      }
      List<DecodedStory> written =
          Decoding.stories(
              model,
              Decoding.by("strategy=greedy"),
              prompts,
              prompts.stream().map(prompt -> RandomStream.of(1, "", "")).toList());
      List<Double> nll =
          IntStream.range(0, prompts.size())
              .mapToObj(
                  i -> new Minibatch(prompts.subList(i, i + 1), pairs.stories().subList(i, i + 1)))
              .map(pair -> model.score(pair).ownNll())
              .toList();
      return new Trained(folder.resolve(write(config, model)), pairs, written, nll);
    }
  }

  private static boolean hasNumpy() throws InterruptedException {
    try {
      return python("", List.of("-c", "import numpy")).status() == 0;
    } catch (IOException absent) {
      return false;
    }
  }

  private static Vocabulary vocabulary() {
    List<String> numbers = IntStream.range(0, VOCABULARY).mapToObj(Integer::toString).toList();
    return Vocabulary.build(
        Stream.concat(WORDS.stream(), numbers.stream())
            .limit(VOCABULARY - Vocabulary.FIRST_WORD)
            .map(word -> new TokenCount(word, 3))
            .toList(),
        1,
        VOCABULARY);
  }

  private static List<int[]> sequences(int count, long seed) {
    Random random = new Random(seed);
    return IntStream.range(0, count)
        .mapToObj(
            i -> random.ints(1 + random.nextInt(9), Vocabulary.FIRST_WORD, VOCABULARY).toArray())
        .toList();
  }

  private static String write(Seq2SeqConfig config, Seq2SeqGraph model) {
    return Bundle.write(
        new org.apache.hadoop.fs.Path(folder.toUri()),
        new Configuration(),
        config,
        new TextSettings(List.of(), "words", true, 12, 20),
        vocabulary,
        model.weights(),
        new Provenance(
            "corpus",
            vocabulary.sha256(),
            1,
            1,
            new TreeMap<>(),
            "unknown",
            Instant.EPOCH,
            null,
            new TreeMap<>(),
            new TreeMap<>()));
  }

  private static String untrained(AttentionKind attention) {
    return untrained(
        new Seq2SeqConfig(
            VOCABULARY, 4, 6, 1, false, attention, false, List.of(), false, 0, false));
  }

  private static String untrained(Seq2SeqConfig config) {
    try (Seq2SeqGraph model = Seq2SeqGraph.create(config, new Optimisation(0.01, 5, 1))) {
      return write(config, model);
    }
  }

  private static Answer python(String input, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("python3"));
    command.addAll(arguments);
    Path files = Files.createTempDirectory(folder, "python");
    Path in = Files.writeString(files.resolve("in"), input);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(in.toFile())
            .redirectOutput(files.resolve("out").toFile())
            .redirectError(files.resolve("err").toFile());
    builder.environment().put("PYTHONPATH", PROGRAM.toAbsolutePath().getParent().toString());
    builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
    builder.environment().put("PYTHONUTF8", "1");
    Process process = builder.start();
    if (!process.waitFor(2, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new IOException(command + " does not end");
    }
    return new Answer(
        process.exitValue(),
        Files.readString(files.resolve("out"), UTF_8),
        Files.readString(files.resolve("err"), UTF_8));
  }

  /** The program's answers to lines of ids. */
  private static List<JsonNode> answers(Trained model, List<Map<String, int[]>> lines)
      throws Exception {
    StringBuilder input = new StringBuilder();
    for (Map<String, int[]> line : lines) {
      input.append(JSON.writeValueAsString(line)).append('\n');
    }
    Answer answer =
        python(input.toString(), List.of(PROGRAM.toString(), model.bundle().toString()));
    assertThat(answer.err()).isEmpty();
    assertThat(answer.status()).isZero();
    List<JsonNode> answers = new ArrayList<>();
    for (String line : answer.out().split("\n")) {
      answers.add(JSON.readTree(line));
    }
    assertThat(answers).hasSameSizeAs(lines);
    return answers;
  }

  static List<Arguments> models() {
    return List.of(Arguments.of("plain", plain), Arguments.of("copying", copying));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  void numpyWritesTheStoriesThatWeWrite(String name, Trained model) throws Exception {
    List<JsonNode> answers =
        answers(
            model,
            model.pairs().prompts().stream().map(prompt -> Map.of("prompt", prompt)).toList());

    for (int i = 0; i < answers.size(); i++) {
      DecodedStory ours = model.written().get(i);
      assertThat(JSON.treeToValue(answers.get(i).get("story"), int[].class))
          .containsExactly(ours.tokens());
      assertThat(answers.get(i).get("log_prob").doubleValue())
          .isCloseTo(ours.logProb(), within(1e-4));
      assertThat(answers.get(i).get("finish_reason").textValue())
          .isEqualTo(ours.finishReason().label());
    }
    assertThat(model.written())
        .extracting(story -> story.tokens().length)
        .anyMatch(length -> length > 4);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  void numpyScoresPairsAsWeDo(String name, Trained model) throws Exception {
    List<JsonNode> answers =
        answers(
            model,
            IntStream.range(0, model.pairs().rows())
                .mapToObj(
                    i ->
                        Map.of(
                            "prompt", model.pairs().prompts().get(i),
                            "story", model.pairs().stories().get(i)))
                .toList());

    for (int i = 0; i < answers.size(); i++) {
      JsonNode logs = answers.get(i).get("log_probs");
      assertThat(logs).hasSize(model.pairs().stories().get(i).length + 1);
      assertThat(answers.get(i).get("log_prob").doubleValue())
          .isCloseTo(-model.nll().get(i) / logs.size(), within(1e-4));
    }
  }

  @Test
  void aNetworkThatThePageDoesNotCoverIsRefusedInOneLine() throws Exception {
    Path general = folder.resolve(untrained(AttentionKind.GENERAL));

    Answer answer = python("", List.of(PROGRAM.toString(), general.toString()));

    assertThat(answer.status()).isEqualTo(1);
    assertThat(answer.err().lines())
        .containsExactly(
            "numpy_story.py covers attention = \"dot\"; %s has \"general\": use generate.jar or evaluate.jar"
                .formatted(general));
  }

  @Test
  void aTransformerIsRefusedInOneLine() throws Exception {
    Seq2SeqConfig config =
        Seq2SeqConfig.transformer(VOCABULARY, 4, 1, new TransformerConfig(2, 8), 0);
    Path transformer = folder.resolve(untrained(config));

    Answer answer = python("", List.of(PROGRAM.toString(), transformer.toString()));

    assertThat(answer.status()).isEqualTo(1);
    assertThat(answer.err().lines())
        .containsExactly(
            "numpy_story.py covers transformer = null; %s has {\"heads\": 2, \"feedForward\": 8}: use generate.jar or evaluate.jar"
                .formatted(transformer));
  }

  @Test
  void thePythonOfThePageReadsTheVocabularyAsItIs() throws Exception {
    String page =
        BLOCK
            .matcher(Files.readString(PAGE))
            .results()
            .map(found -> found.group(1))
            .filter(block -> !block.contains("pandas") && !block.contains("spark"))
            .collect(Collectors.joining("\n"))
            .replace(MODEL_OF_THE_PAGE, plain.bundle().toString());
    Path program =
        Files.writeString(
            folder.resolve("page.py"),
            page + "\nprint(json.dumps([tokens, ids, [token for _, token, _ in counted]]))\n");

    Answer answer = python("", List.of(program.toString()));

    assertThat(answer.err()).isEmpty();
    String last = answer.out().lines().reduce((before, line) -> line).orElseThrow();
    JsonNode read = JSON.readTree(last);
    List<String> ours = vocabulary.entries().stream().map(TokenCount::token).toList();
    assertThat(JSON.treeToValue(read.get(0), String[].class)).containsExactlyElementsOf(ours);
    assertThat(JSON.treeToValue(read.get(2), String[].class)).containsExactlyElementsOf(ours);
    Map<String, Integer> ids = new HashMap<>();
    IntStream.range(Vocabulary.FIRST_WORD, VOCABULARY).forEach(id -> ids.put(ours.get(id), id));
    assertThat(read.get(1)).isEqualTo(JSON.valueToTree(ids));
  }
}
