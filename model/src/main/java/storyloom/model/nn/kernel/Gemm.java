package storyloom.model.nn.kernel;

/** Products of float matrices, as a library does them. */
interface Gemm {

  /** c = op(a) · op(b) + keep · c; shapes have been checked, none of them is empty. */
  void multiply(Matrix a, boolean turnA, Matrix b, boolean turnB, float keep, Matrix c);
}
