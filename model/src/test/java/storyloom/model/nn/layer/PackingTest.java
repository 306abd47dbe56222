package storyloom.model.nn.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Matrix;

class PackingTest {

  @Test
  void stepsHoldTheRowsStillAliveLongestFirst() {
    Packing packing = Packing.of(1, 3, 2);

    assertThat(packing.tokens()).isEqualTo(6);
    assertThat(packing.steps()).isEqualTo(3);
    assertThat(packing.order()).containsExactly(1, 2, 0);
    assertThat(new int[] {packing.alive(0), packing.alive(1), packing.alive(2)})
        .containsExactly(3, 2, 1);
    assertThat(new int[] {packing.start(0), packing.start(1), packing.start(2)})
        .containsExactly(0, 3, 5);
    assertThat(packing.tokensOf(2)).containsExactly(1, 4);
  }

  @Test
  void rowsOfEqualLengthKeepTheirOrder() {
    assertThat(Packing.of(2, 2, 2).order()).containsExactly(0, 1, 2);
  }

  @Test
  void idsArePackedWithoutTheirPadding() {
    var ids = Nd4j.createFromArray(new float[][] {{5, 0, 0}, {6, 7, 8}, {9, 4, 0}});

    assertThat(Packing.of(ids).pack(ids)).containsExactly(6, 9, 5, 7, 4, 8);
  }

  @Test
  void tokensKnowTheirRowsAndCanBeLaidOutRowAfterRow() {
    Packing packing = Packing.of(1, 3, 2);
    var packed = Nd4j.createFromArray(new float[][] {{10}, {20}, {0}, {11}, {21}, {12}});

    assertThat(packing.rowsOfTokens()).containsExactly(1, 2, 0, 1, 2, 1);
    assertThat(packing.byRow()).containsExactly(2, 0, 3, 5, 1, 4);
    Matrix byRow = Matrix.of(packed.dup());
    Kernel.of(byRow).gatherRows(Matrix.of(packed), packing.byRow(), byRow);
    assertThat(packing.rows(byRow, 2).rows()).isEqualTo(2);
    assertThat(packing.rows(byRow, 2).get(0, 0)).isEqualTo(20);
    assertThat(packing.rows(byRow, 2).get(1, 0)).isEqualTo(21);
  }

  @Test
  void reversalTurnsEachRowWithinItsOwnLength() {
    assertThat(Packing.of(1, 3, 2).reversal()).containsExactly(5, 4, 2, 3, 1, 0);
    assertThat(Packing.of(2, 2).reversal()).containsExactly(2, 3, 0, 1);
  }

  @Test
  void aRowWithoutTokensIsRefused() {
    assertThatThrownBy(() -> Packing.of(2, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("row 1 of the batch holds no token");
  }
}
