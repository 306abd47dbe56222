package storyloom.model.nn.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import storyloom.model.UserException;
import storyloom.model.settings.Settings;

class Seq2SeqConfigTest {

  private static Seq2SeqConfig config(String... keyValues) {
    return Seq2SeqConfig.of(Settings.load(Optional.empty(), List.of(keyValues)), 9000);
  }

  @Test
  void theDefaultSettingsAreTheClassicModel() {
    assertThat(config()).isEqualTo(new Seq2SeqConfig(9000, 256, 256, 0.2));
  }

  @Test
  void everyOptionIsReadFromItsKey() {
    assertThat(
            config(
                "model.embedding=8",
                "model.hidden=8",
                "model.layers=3",
                "model.bidirectional=true",
                "model.attention=additive",
                "model.adaptive-softmax=2000,8000",
                "model.dropout=0.5",
                "model.dropout-kind=variational",
                "model.recurrent-dropout=0.3",
                "model.embedding-dropout=0.1"))
        .isEqualTo(
            new Seq2SeqConfig(
                9000,
                8,
                8,
                3,
                true,
                AttentionKind.ADDITIVE,
                false,
                List.of(2000, 8000),
                false,
                List.of(),
                0.5,
                true,
                0.3,
                0.1,
                null));
    assertThat(config("model.tied-embeddings=true").tiedEmbeddings()).isTrue();
    assertThat(config("model.copy=true").copy()).isTrue();
  }

  @Test
  void aTransformerHasHeadsAndAFeedForwardWidth() {
    Seq2SeqConfig transformer =
        config("model.kind=transformer", "model.heads=8", "model.feed-forward=512");

    assertThat(transformer.transformer()).isEqualTo(new TransformerConfig(8, 512));
    assertThat(transformer.kind()).isEqualTo(ModelKind.TRANSFORMER);
    assertThat(transformer.features()).isEqualTo(256);
    assertThat(config("model.kind=transformer", "model.layers=12").layers()).isEqualTo(12);
  }

  @Test
  void theSettingsOfTransformersAreNothingToLstms() {
    assertThat(config("model.heads=3", "model.feed-forward=7")).isEqualTo(config());
    assertThat(config().kind()).isEqualTo(ModelKind.LSTM);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "model.bidirectional=true | model.hidden=5"
            + " | model.hidden must be even where model.bidirectional is true, not 5",
        "model.tied-embeddings=true | model.adaptive-softmax=2000"
            + " | model.adaptive-softmax must be empty where model.tied-embeddings is true, not [2000]",
        "model.layers=1 | model.adaptive-softmax=2000,9000"
            + " | model.adaptive-softmax must be ascending ids above 0 and below the vocabulary's 9000,"
            + " not [2000, 9000]",
        "model.layers=5 | model.copy=false | model.layers must be 1 to 4, not 5",
        "model.kind=transformer | model.heads=3"
            + " | model.heads must be a number that divides model.hidden, which is 256, into even parts, not 3",
        "model.kind=transformer | model.heads=256"
            + " | model.heads must be a number that divides model.hidden, which is 256, into even parts, not 256",
        "model.kind=transformer | model.hidden=128"
            + " | model.embedding must be as large as model.hidden, which is 128, where model.kind is"
            + " transformer, not 256",
        "model.kind=transformer | model.bidirectional=true"
            + " | model.bidirectional must be false where model.kind is transformer, not true",
        "model.kind=transformer | model.attention=general"
            + " | model.attention must be dot where model.kind is transformer, not general",
        "model.kind=transformer | model.recurrent-dropout=0.1"
            + " | model.recurrent-dropout must be 0 where model.kind is transformer, not 0.1",
        "model.copy=true | model.attention=none"
            + " | model.copy must be false where model.attention is none, not true",
        "model.copy=true | model.adaptive-softmax=2000"
            + " | model.copy must be false where model.adaptive-softmax is set, not true",
      })
  void whatDoesNotGoTogetherIsRefusedByItsKey(String one, String other, String message) {
    assertThatThrownBy(() -> config(one, other))
        .isInstanceOf(UserException.class)
        .hasMessage(message)
        .extracting("status")
        .isEqualTo(2);
  }

  @Test
  void withoutAttentionTheOutputReadsTheDecoderAlone() {
    assertThat(config("model.attention=none").features()).isEqualTo(256);
    assertThat(config("model.attention=general").features()).isEqualTo(512);
  }

  @Test
  void dropoutIsNoPartOfTheShapeOfAModel() {
    Seq2SeqConfig model = config("model.hidden=64");

    assertThat(model.hasShapeOf(config("model.hidden=64", "model.dropout=0.5"))).isTrue();
    assertThat(
            model.hasShapeOf(
                config(
                    "model.hidden=64",
                    "model.recurrent-dropout=0.5",
                    "model.embedding-dropout=0.1")))
        .isTrue();
    assertThat(model.hasShapeOf(config("model.hidden=64", "model.layers=2"))).isFalse();
    assertThat(model.hasShapeOf(config("model.hidden=32"))).isFalse();
    assertThat(config("model.kind=transformer").hasShapeOf(config())).isFalse();
    assertThat(
            config("model.kind=transformer")
                .hasShapeOf(config("model.kind=transformer", "model.dropout=0.5")))
        .isTrue();
    assertThat(model.hasShapeOf(config("model.hidden=64", "model.copy=true"))).isFalse();
  }
}
