package storyloom.model.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestKeyTest {

  private static final List<String> KNOWN =
      List.of("home", "train.epochs", "train.batch", "model.embedding", "decode.top-k");

  @ParameterizedTest
  @CsvSource({
    "train.epoch, train.epochs",
    "trian.batch, train.batch",
    "epochs, train.epochs",
    "train.embedding, model.embedding",
    "decode.topk, decode.top-k",
    "hom, home",
  })
  void theNearestKnownKeyIsFound(String misspelt, String meant) {
    assertThat(ReferenceSettings.nearest(misspelt, KNOWN)).isEqualTo(meant);
  }
}
