package storyloom.model.nn.kernel;

import static storyloom.model.nn.kernel.VectorMath.LANES;
import static storyloom.model.nn.kernel.VectorMath.ONE;
import static storyloom.model.nn.kernel.VectorMath.load;
import static storyloom.model.nn.kernel.VectorMath.sigmoid;
import static storyloom.model.nn.kernel.VectorMath.store;
import static storyloom.model.nn.kernel.VectorMath.tanh;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;

/**
 * The loops of an LSTM step over one row, by whole vectors. Each is small on purpose: with more
 * vectors alive than the processor has registers a loop runs three times slower.
 */
final class LstmVectors {

  private LstmVectors() {}

  static void sigmoids(ByteBuffer z, int zAt, ByteBuffer bias, int biasAt, int width) {
    for (int j = 0; j < width; j += LANES) {
      store(sigmoid(load(z, zAt + j).add(load(bias, biasAt + j))), z, zAt + j);
    }
  }

  static void tanhs(ByteBuffer z, int zAt, ByteBuffer bias, int biasAt, int width) {
    for (int j = 0; j < width; j += LANES) {
      store(tanh(load(z, zAt + j).add(load(bias, biasAt + j))), z, zAt + j);
    }
  }

  static void cells(
      ByteBuffer gates,
      int at,
      ByteBuffer cBefore,
      int cBeforeAt,
      ByteBuffer c,
      int cAt,
      ByteBuffer h,
      int hAt,
      int hidden) {
    for (int j = 0; j < hidden; j += LANES) {
      FloatVector i = load(gates, at + j);
      FloatVector f = load(gates, at + hidden + j);
      FloatVector g = load(gates, at + 2 * hidden + j);
      FloatVector o = load(gates, at + 3 * hidden + j);
      FloatVector cell = f.mul(load(cBefore, cBeforeAt + j)).add(i.mul(g));
      store(cell, c, cAt + j);
      store(o.mul(tanh(cell)), h, hAt + j);
    }
  }

  /** The reverse of h = o·tanh(c). */
  static void outputBackward(
      ByteBuffer o,
      int at,
      ByteBuffer c,
      int cAt,
      ByteBuffer dh,
      int dhAt,
      ByteBuffer dc,
      int dcAt,
      int hidden) {
    for (int j = 0; j < hidden; j += LANES) {
      FloatVector gate = load(o, at + j);
      FloatVector tanh = tanh(load(c, cAt + j));
      FloatVector byTanh = load(dh, dhAt + j).mul(gate);
      store(byTanh.mul(tanh).mul(ONE.sub(gate)), o, at + j);
      store(load(dc, dcAt + j).add(byTanh.mul(ONE.sub(tanh.mul(tanh)))), dc, dcAt + j);
    }
  }

  /** The reverse of c = f·cBefore + i·g. */
  static void cellBackward(
      ByteBuffer gates, int at, ByteBuffer cBefore, int cAt, ByteBuffer dc, int dcAt, int hidden) {
    for (int j = 0; j < hidden; j += LANES) {
      FloatVector i = load(gates, at + j);
      FloatVector f = load(gates, at + hidden + j);
      FloatVector g = load(gates, at + 2 * hidden + j);
      FloatVector byC = load(dc, dcAt + j);
      FloatVector byCell = byC.mul(f);
      store(byC.mul(g).mul(i).mul(ONE.sub(i)), gates, at + j);
      store(byCell.mul(load(cBefore, cAt + j)).mul(ONE.sub(f)), gates, at + hidden + j);
      store(byC.mul(i).mul(ONE.sub(g.mul(g))), gates, at + 2 * hidden + j);
      store(byCell, dc, dcAt + j);
    }
  }
}
