package storyloom.model.nn.config;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import storyloom.model.UserException;
import storyloom.model.nn.OutputOptions;
import storyloom.model.nn.Seq2SeqGraph;

class OptimisationTest {

  private static final Seq2SeqConfig ADAPTIVE =
      OutputOptions.config(40, 6, 16, false, List.of(10, 20));

  @Test
  void labelSmoothingAndAnAdaptiveSoftmaxExcludeEachOther() {
    Optimisation smoothing = new Optimisation(0.001, 5, 0.1, 1);

    assertThatThrownBy(() -> smoothing.requireFit(ADAPTIVE))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith(
            "train.label-smoothing must be 0 where model.adaptive-softmax is set, not 0.1");
    assertThatThrownBy(() -> Seq2SeqGraph.create(ADAPTIVE, smoothing))
        .isInstanceOf(UserException.class);
    assertThatCode(() -> new Optimisation(0.001, 5, 1).requireFit(ADAPTIVE))
        .doesNotThrowAnyException();
  }

  @Test
  void labelSmoothingAndCopyingExcludeEachOther() {
    Seq2SeqConfig copying = OutputOptions.copying(40, 6, 16, true);

    assertThatThrownBy(() -> new Optimisation(0.001, 5, 0.1, 1).requireFit(copying))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith(
            "train.label-smoothing must be 0 where model.copy is true, not 0.1");
  }

  @Test
  void aTailWithoutWidthIsRefused() {
    assertThatThrownBy(() -> OutputOptions.config(40, 6, 4, false, List.of(10, 20)))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "model.adaptive-softmax must be of fewer ids where model.hidden is only 4,"
                + " not [10, 20]");
  }
}
