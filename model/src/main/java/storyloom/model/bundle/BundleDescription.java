package storyloom.model.bundle;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.zip.DataFormatException;
import storyloom.model.OneLine;
import storyloom.model.UserException;
import storyloom.model.files.ChecksummedDirectory;
import storyloom.model.nn.config.ModelKind;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.text.clean.TextCleaner;
import storyloom.model.text.token.LongStories;
import storyloom.model.text.token.TextSettings;
import storyloom.model.text.token.Tokenizer;

/**
 * The content of bundle.json: JSON of these components by name, those of the records within
 * likewise, times as ISO 8601.
 *
 * @param format version of the bundle's format
 * @param model the model's shape
 * @param text how text becomes ids
 * @param provenance where the model comes from
 */
record BundleDescription(
    int format, Seq2SeqConfig model, TextSettings text, Provenance provenance) {

  /** The newest format that this program writes and reads: that of stories read in windows. */
  static final int FORMAT = 7;

  /** The format of other Transformers. */
  private static final int OF_TRANSFORMERS = 6;

  /** The format of other models of LSTMs, which older programs read as well. */
  private static final int OF_LSTMS = 5;

  /** The first format that tells of copying and of the dropout of recurrent weights and words. */
  private static final int WITH_COPYING = 5;

  /** The first format that tells the version of the rules that text was read by. */
  private static final int WITH_RULES_VERSION = 4;

  /** The first format that tells the run and the files of its corpus. */
  private static final int WITH_RUN = 3;

  /** The format of models without options: all were the classic one. */
  private static final int CLASSIC_FORMAT = 1;

  private static final DateTimeFormatter VERSION_TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final int HASH_DIGITS = 8;

  /** What a model of LSTMs has no need to say. */
  private static final String TRANSFORMER = "transformer";

  /** What a model without copying has no need to say. */
  private static final String NOT_COPIED = "notCopied";

  /** What a model whose stories are cut has no need to say. */
  private static final String LONG_STORIES = "longStories";

  /** Of bundle.json: names and checksums of a hundred thousand corpus files are 20 MB. */
  static final long MOST_BYTES = 1L << 26;

  /** A hundred times what any setting allows. */
  private static final int MOST_TEXT_TOKENS = 1_000_000;

  private static final Instant LATEST = Instant.parse("+10000-01-01T00:00:00Z");

  /** What a bundle of {@link #CLASSIC_FORMAT} says. */
  private record Classic(int format, ClassicModel model, TextSettings text, Provenance provenance) {

    BundleDescription inThisFormat() {
      return of(model.config(), text, provenance);
    }
  }

  private record ClassicModel(int vocabulary, int embedding, int hidden, double dropout) {

    Seq2SeqConfig config() {
      return new Seq2SeqConfig(vocabulary, embedding, hidden, dropout);
    }
  }

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .addModule(
              new SimpleModule()
                  .addSerializer(Instant.class, ToStringSerializer.instance)
                  .addDeserializer(Instant.class, new InstantDeserializer()))
          .addMixIn(Seq2SeqConfig.class, WithoutNull.class)
          .withConfigOverride(
              LongStories.class,
              override -> override.setInclude(JsonInclude.Value.empty().withValueFilter(Cut.class)))
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.READ_ENUMS_USING_TO_STRING)
          .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .enable(SerializationFeature.WRITE_ENUMS_USING_TO_STRING)
          .build();

  /**
   * A model of LSTMs says nothing of Transformers, and one that copies all, or none, not of what.
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  interface WithoutNull {

    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    List<Integer> notCopied();
  }

  /** Equals what is left out: a model whose long stories are cut says nothing of it. */
  private static final class Cut {

    @Override
    public boolean equals(Object other) {
      return other == LongStories.CUT;
    }

    @Override
    public int hashCode() {
      return LongStories.CUT.hashCode();
    }
  }

  /** The same bytes on every platform. */
  private static final ObjectWriter PRETTY =
      JSON.writer(
          new DefaultPrettyPrinter()
              .withObjectIndenter(new DefaultIndenter("  ", "\n"))
              .withArrayIndenter(new DefaultIndenter("  ", "\n")));

  /** The description in the oldest format that can tell of the model. */
  static BundleDescription of(Seq2SeqConfig model, TextSettings text, Provenance provenance) {
    return new BundleDescription(format(model, text), model, text, provenance);
  }

  /** The oldest format that can tell of a model. */
  static int format(Seq2SeqConfig model, TextSettings text) {
    if (text.hasWindows()) {
      return FORMAT;
    }
    return model.kind() == ModelKind.LSTM ? OF_LSTMS : OF_TRANSFORMERS;
  }

  /** A model's shape on one line, as it stands in a description. */
  static String json(Seq2SeqConfig model) {
    try {
      return JSON.writeValueAsString(model);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Indented, in the order of the components, maps in the order of their keys. */
  void write(OutputStream out) throws IOException {
    out.write((PRETTY.writeValueAsString(this) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Looks at the format alone: a newer one may differ in all else.
   *
   * @param file path of the file, for messages
   * @throws UserException of data if the format is newer than {@link #FORMAT}
   */
  static void refuseNewer(byte[] json, String file) {
    int format;
    try {
      format = DescriptionScan.format(json);
    } catch (IOException | DataFormatException e) {
      return; // damaged: the checksum will say so, or whoever reads it
    }
    if (format > FORMAT) {
      throw UserException.data(
          ("%s was written by a newer Storyloom (format %d; this one reads up to %d):"
                  + " update Storyloom, or use a model that this one trained")
              .formatted(file, format, FORMAT));
    }
  }

  /**
   * Reads a description of this format or of an older one, which is then as if it were of this.
   *
   * @param file path of the file, for messages
   * @throws UserException of data if this is no description that was written by {@link #write}
   */
  static BundleDescription read(byte[] json, String file) {
    try {
      int format = DescriptionScan.format(json);
      if (format < CLASSIC_FORMAT || format > FORMAT) {
        throw new DataFormatException(
            "format must be from %d to %d, not %d".formatted(CLASSIC_FORMAT, FORMAT, format));
      }
      DescriptionScan.require(json);
      JsonNode tree = JSON.readTree(json);
      if (format < WITH_RUN && tree.path("provenance") instanceof ObjectNode provenance) {
        provenance.putNull("run").putObject("corpusFiles");
      }
      if (format < WITH_RULES_VERSION && tree.path("text") instanceof ObjectNode text) {
        text.put("rulesVersion", TextSettings.UNRECORDED);
      }
      if (format < FORMAT
          && tree.path("text") instanceof ObjectNode text
          && !text.has(LONG_STORIES)) {
        text.put(LONG_STORIES, LongStories.CUT.toString());
      }
      if (tree.path("model") instanceof ObjectNode model) {
        addDefaults(model, format);
      }
      BundleDescription description = description(tree, format);
      description.requireSense();
      return description;
    } catch (DataFormatException | UserException e) {
      throw undescribed(file, e.getMessage(), e);
    } catch (IOException e) {
      throw undescribed(file, "it is no JSON: " + DescriptionMisfit.reason(e), e);
    }
  }

  /** What models of before this format are, in its words. */
  private static void addDefaults(ObjectNode model, int format) {
    if (format > CLASSIC_FORMAT && format < WITH_COPYING) {
      model.put("copy", false).put("recurrentDropout", 0.0).put("embeddingDropout", 0.0);
    }
    if (format > CLASSIC_FORMAT && !model.has(NOT_COPIED)) {
      model.putArray(NOT_COPIED);
    }
    boolean silent = format <= OF_LSTMS || format == FORMAT;
    if (format > CLASSIC_FORMAT && silent && !model.has(TRANSFORMER)) {
      model.putNull(TRANSFORMER);
    }
  }

  private static UserException undescribed(String file, String why, Exception cause) {
    return UserException.data(
        "%s does not describe a model: %s%s"
            .formatted(file, OneLine.of(why), ChecksummedDirectory.REMEDY),
        cause);
  }

  private static BundleDescription description(JsonNode tree, int format)
      throws DataFormatException {
    try {
      return format == CLASSIC_FORMAT
          ? JSON.treeToValue(tree, Classic.class).inThisFormat()
          : JSON.treeToValue(tree, BundleDescription.class).inThisFormat();
    } catch (IOException e) {
      throw new DataFormatException(DescriptionMisfit.of(e, tree));
    }
  }

  /** What the types leave open. */
  private void requireSense() throws DataFormatException {
    requireThat(
        format == format(model, text),
        "format",
        "%d where stories are read in windows, else %d where the model is a Transformer, and below where it is not"
            .formatted(FORMAT, OF_TRANSFORMERS),
        format);
    TextCleaner.of(text.rules()); // says which rule is unknown
    String tokenizer = text.tokenizer();
    requireThat(
        tokenizer.equals(Tokenizer.WORDS) || tokenizer.equals(Tokenizer.BPE),
        "text.tokenizer",
        "words or bpe",
        tokenizer);
    requireLength("text.maxPromptTokens", text.maxPromptTokens());
    requireLength("text.maxStoryTokens", text.maxStoryTokens());
    requireThat(text.rulesVersion() >= 0, "text.rulesVersion", "at least 0", text.rulesVersion());
    requireThat(
        provenance.workers() >= 0, "provenance.workers", "at least 0", provenance.workers());
    requireThat(
        !provenance.createdAt().isBefore(Instant.EPOCH) && provenance.createdAt().isBefore(LATEST),
        "provenance.createdAt",
        "a time from 1970 to 9999",
        provenance.createdAt());
  }

  private static void requireLength(String name, int tokens) throws DataFormatException {
    requireThat(
        tokens >= 1 && tokens <= MOST_TEXT_TOKENS, name, "from 1 to " + MOST_TEXT_TOKENS, tokens);
  }

  private static void requireThat(boolean holds, String name, String range, Object value)
      throws DataFormatException {
    if (!holds) {
      throw new DataFormatException("%s must be %s, not %s".formatted(name, range, value));
    }
  }

  private BundleDescription inThisFormat() {
    return format < OF_LSTMS ? of(model, text, provenance) : this;
  }

  /**
   * The name of the model: when it was made, and a part of its weights' hash.
   *
   * @param weightsSha256 SHA-256 of weights.safetensors in hex
   * @return for example {@code 20261122T155000-0a1b2c3d}
   */
  String version(String weightsSha256) {
    return VERSION_TIME.format(provenance.createdAt())
        + "-"
        + weightsSha256.substring(0, HASH_DIGITS);
  }

  private static final class InstantDeserializer extends StdDeserializer<Instant> {

    InstantDeserializer() {
      super(Instant.class);
    }

    @Override
    public Instant deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      try {
        return Instant.parse(parser.getText());
      } catch (DateTimeParseException e) {
        return (Instant) context.handleUnexpectedToken(Instant.class, parser);
      }
    }
  }
}
