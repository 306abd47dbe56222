package storyloom.model.nn.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.Function;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class MatrixTest {

  @ParameterizedTest
  @ValueSource(strings = {"FLOAT", "DOUBLE"})
  void noPointerIsGivenToMemoryThatWasFreed(DataType type) {
    INDArray array = Nd4j.create(type, 4, 3);
    Matrix matrix = Matrix.of(array);
    Matrix view = matrix.rows(1, 3).columns(0, 2);
    Function<Matrix, Pointer> pointer =
        type == DataType.FLOAT ? Matrix::floatPointer : Matrix::doublePointer;
    assertThat(pointer.apply(view).position()).isEqualTo(3);

    array.close();

    assertThatThrownBy(() -> pointer.apply(matrix))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the array of a matrix 4 × 3 was closed");
    assertThatThrownBy(view::bytePointer).hasMessageContaining("matrix 2 × 2, stride 3");
  }

  @Test
  void noViewReachesBeyondItsMatrix() {
    try (INDArray array = Nd4j.create(DataType.FLOAT, 4, 3)) {
      Matrix matrix = Matrix.of(array);

      assertThatThrownBy(() -> matrix.rows(2, 5))
          .isInstanceOf(IndexOutOfBoundsException.class)
          .hasMessage("rows 2 to 5 of a matrix that has 4");
      assertThatThrownBy(() -> matrix.columns(2, 4))
          .isInstanceOf(IndexOutOfBoundsException.class)
          .hasMessage("columns 2 to 4 of a matrix that has 3");
      assertThatThrownBy(() -> matrix.shaped(5, 3)).hasMessageContaining("as 5 × 3");
      assertThatThrownBy(() -> matrix.rows(0, 2).shaped(4, 3)).hasMessageContaining("as 4 × 3");
    }
  }
}
