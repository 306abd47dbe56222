package storyloom.model.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.net.URISyntaxException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import storyloom.model.bundle.Bundle;
import storyloom.model.decode.DecodeSettings;
import storyloom.model.decode.Decoding;
import storyloom.model.decode.GeneratedStory;
import storyloom.model.decode.StoryDecoder;
import storyloom.model.decode.StoryDecoder.Request;
import storyloom.model.decode.search.DecodedStory.FinishReason;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.loss.LossTally;

/**
 * A bundle of format 1, whose description knows no options, as an older release trained and wrote
 * it. The numbers are that release's own.
 */
class OlderBundleTest {

  private static final String VERSION = "20261122T190150-08d91d47";

  private static Bundle read() throws URISyntaxException {
    Path directory =
        new Path(Bundle.class.getResource(VERSION + "/bundle.json").toURI()).getParent();
    return Bundle.read(directory, new Configuration());
  }

  @Test
  void itLoadsAsTheClassicModel() throws URISyntaxException {
    try (Bundle bundle = read()) {
      assertThat(bundle.version()).isEqualTo(VERSION);
      assertThat(bundle.config()).isEqualTo(new Seq2SeqConfig(60, 4, 4, 0.2));
      assertThat(bundle.vocabulary().size()).isEqualTo(60);
      assertThat(bundle.provenance().metrics()).containsEntry("valid_loss", 3.6420069626108993);
    }
  }

  @Test
  void itScoresAsItDid() throws URISyntaxException {
    List<ReferencePair> pairs =
        List.of(
            pair(new int[] {4, 30, 12, 7, 1}, 4, 45, 6, 5, 12, 59),
            pair(new int[] {9}),
            pair(new int[] {20, 21}, 33, 1, 5));
    try (Bundle bundle = read();
        BundleScorer scorer = new BundleScorer(bundle)) {
      LossTally tally = scorer.score(pairs, 2);

      assertThat(tally.nll()).isCloseTo(46.20444339226208, within(1e-4));
      assertThat(tally.tokens()).isEqualTo(12);
      assertThat(tally.correct()).isEqualTo(1);
    }
  }

  private static ReferencePair pair(int[] prompt, int... story) {
    return new ReferencePair(prompt, story, 1, List.of());
  }

  @Test
  void itTellsTheStoryThatItTold() throws URISyntaxException {
    DecodeSettings settings =
        Decoding.by(
            "strategy=sample",
            "temperature=1",
            "top-k=0",
            "min-tokens=3",
            "max-tokens=24",
            "batch=8",
            "seed=5");
    try (Bundle bundle = read()) {
      GeneratedStory told =
          new StoryDecoder(bundle, settings)
              .generate(
                  List.of(new Request("He finds a way to the sea, and wants to go home.", "")))
              .get(0);

      assertThat(told.story())
          .isEqualTo(
              "Day the tell he to tripped, to once by itself had turned is that and how at all"
                  + " found it");
      assertThat(told.tokens()).isEqualTo(21);
      assertThat(told.logProb()).isCloseTo(-4.065539513999365, within(1e-5));
      assertThat(told.finishReason()).isEqualTo(FinishReason.END);
    }
  }
}
