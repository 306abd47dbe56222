package storyloom.model.decode;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class AttentionMapTest {

  @Test
  void thereIsAWeightForEachPairOfTokens() {
    List<String> prompt = List.of("a", "fox");
    List<String> story = List.of("it", "ran");

    assertThatThrownBy(() -> new AttentionMap(prompt, story, new float[3][2]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("3 rows of weights cannot belong to 2 tokens of a story");
    assertThatThrownBy(() -> new AttentionMap(prompt, story, new float[2][1]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("1 weights cannot belong to 2 tokens of a prompt");
  }
}
