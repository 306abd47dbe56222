package storyloom.jobs.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import storyloom.jobs.gate.GateEvaluation.Measures;
import storyloom.jobs.gate.GateEvaluation.Measures.Copied;
import storyloom.jobs.gate.GateEvaluation.Measures.Sense;
import storyloom.model.settings.Settings;

class GateDecisionTest {

  private static final Sense NO_SENSE =
      new Sense(Double.NaN, Double.NaN, Optional.empty(), Optional.empty());

  private static final Settings BOUNDS =
      Settings.defaults()
          .with("gate.max-perplexity-ratio", "1.1")
          .with("gate.min-ranking", "0.2")
          .with("gate.max-repetition", "0.3")
          .with("gate.max-copied", "0.02");

  private static Measures model(double perplexity, double ranking, double repetition) {
    return new Measures(
        "v", perplexity, Optional.of(ranking), repetition, Optional.empty(), NO_SENSE, 0);
  }

  private static GateDecision decide(Measures candidate, Measures current) {
    return GateDecision.of(BOUNDS, candidate, Optional.ofNullable(current));
  }

  @Test
  void perplexityMayRiseByTheRatioAndNoMore() {
    assertThat(decide(model(11, 0.5, 0), model(10, 0.5, 0)).passed()).isTrue();
    GateDecision worse = decide(model(11.1, 0.5, 0), model(10, 0.5, 0));

    assertThat(worse.passed()).isFalse();
    assertThat(worse.reason()).isEqualTo("perplexity per word is 11.10, must be at most 11.00");
  }

  @Test
  void digitsAreNoMoreThanTellANumberFromItsBound() {
    assertThat(decide(model(118.6532, 0.5, 0), model(121.7, 0.692, 0.0014)).checks())
        .extracting(GateDecision.Check::candidate, GateDecision.Check::bound)
        .containsExactly(
            tuple("118.7", "at most 133.9"),
            tuple("50.0 %", "at least 20.0 %"),
            tuple("0.00 %", "at most 30.00 %"),
            tuple("0", "none for ten fixed prompts"));
    assertThat(decide(model(110.00001, 0.5, 0), model(100, 0.5, 0)).reason())
        .isEqualTo("perplexity per word is 110.00001, must be at most 110.00000");
    assertThat(decide(model(10, 0.5, 0.30004), model(10, 0.5, 0)).reason())
        .isEqualTo("repeated 4-grams is 30.004 %, must be at most 30.000 %");
  }

  @Test
  void whatIsNotANumberNeverPasses() {
    assertThat(decide(model(Double.NaN, 0.5, 0), model(10, 0.5, 0)).passed()).isFalse();
    assertThat(decide(model(Double.NaN, 0.5, 0), null).passed()).isFalse();
    assertThat(decide(model(5, Double.NaN, 0), null).passed()).isFalse();
  }

  @Test
  void rankingHasALeastShareUnlessTheCurrentModelHasLess() {
    assertThat(decide(model(10, 0.2, 0), model(10, 0.9, 0)).passed()).isTrue();
    assertThat(decide(model(10, 0.19, 0), model(10, 0.9, 0)).reason())
        .isEqualTo("own prompts ranked first is 19.0 %, must be at least 20.0 %");
    assertThat(decide(model(10, 0.12, 0), model(10, 0.11, 0)).passed()).isTrue();
    assertThat(decide(model(10, 0.10, 0), model(10, 0.11, 0)).passed()).isFalse();
  }

  @Test
  void repetitionHasAGreatestShareUnlessTheCurrentModelHasMore() {
    assertThat(decide(model(10, 0.5, 0.3), model(10, 0.5, 0)).passed()).isTrue();
    assertThat(decide(model(10, 0.5, 0.31), model(10, 0.5, 0)).reason())
        .isEqualTo("repeated 4-grams is 31.0 %, must be at most 30.0 %");
    assertThat(decide(model(10, 0.5, 0.4), model(10, 0.5, 0.5)).passed()).isTrue();
  }

  private static Measures copying(double written, double human) {
    return new Measures(
        "v", 10, Optional.of(0.5), 0, Optional.of(new Copied(written, human)), NO_SENSE, 0);
  }

  @Test
  void asMuchIsCopiedAsPeopleDoAndALittleMoreUnlessTheCurrentModelCopiesMore() {
    assertThat(decide(copying(0.05, 0.03), null).passed()).isTrue();
    assertThat(decide(copying(0.06, 0.03), null).reason())
        .isEqualTo("copied 8-grams is 6.00 %, must be at most 5.00 %, people have 3.00 %");
    assertThat(decide(copying(0.06, 0.03), copying(0.07, 0.03)).passed()).isTrue();
    assertThat(decide(copying(0.08, 0.03), copying(0.07, 0.03)).passed()).isFalse();
  }

  @Test
  void oneEmptyStoryIsOneTooMany() {
    GateDecision decision =
        decide(
            new Measures("v", 10, Optional.of(0.5), 0, Optional.empty(), NO_SENSE, 1),
            model(10, 0.5, 0));

    assertThat(decision.reason())
        .isEqualTo("empty stories is 1, must be none for ten fixed prompts");
  }

  @Test
  void aSampleOfTooFewPromptsSaysNothingOfRanking() {
    Measures unranked = new Measures("v", 10, Optional.empty(), 0, Optional.empty(), NO_SENSE, 0);

    assertThat(decide(unranked, unranked).passed()).isTrue();
    assertThat(decide(unranked, unranked).checks()).hasSize(3);
  }

  @Test
  void theFirstModelIsDecidedOnByItself() {
    assertThat(decide(model(1e6, 0.2, 0.3), null).passed()).isTrue();
    assertThat(decide(model(1e6, 0.1, 0.3), null).passed()).isFalse();
  }
}
