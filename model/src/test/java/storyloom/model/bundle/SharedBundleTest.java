package storyloom.model.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Closeable;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import storyloom.model.UserException;

final class SharedBundleTest {

  @TempDir Path models;
  @TempDir Path otherModels;

  private static SharedBundle hold(Path directory) {
    return SharedBundle.hold(directory.toString(), new Configuration());
  }

  @Test
  void holdersShareOneBundle() {
    Path directory = SmallModel.write(models);

    try (SharedBundle one = hold(directory);
        SharedBundle other = hold(directory)) {
      assertThat(one.bundle()).isSameAs(other.bundle());
    }
  }

  @Test
  void bundleThatNobodyHoldsStaysForTheNext() {
    Path directory = SmallModel.write(models);
    SharedBundle first = hold(directory);
    Bundle bundle = first.bundle();
    first.close();

    try (SharedBundle next = hold(directory)) {
      assertThat(next.bundle()).isSameAs(bundle);
    }
  }

  @Test
  void whatIsMadeOfABundleIsMadeOnceAndClosedWithIt() {
    AtomicInteger made = new AtomicInteger();
    AtomicInteger closed = new AtomicInteger();
    try (Bundle bundle =
        Bundle.read(
            new org.apache.hadoop.fs.Path(SmallModel.write(models).toString()),
            new Configuration())) {
      for (int i = 0; i < 2; i++) {
        bundle.derived(
            Closeable.class,
            of -> {
              made.incrementAndGet();
              return closed::incrementAndGet;
            });
      }
      assertThat(made).hasValue(1);
      assertThat(closed).hasValue(0);
    }
    assertThat(closed).hasValue(1);
  }

  @Test
  void bundleIsFreedWhenAnotherIsWantedAndNobodyHoldsIt() {
    Path directory = SmallModel.write(models);
    SharedBundle first = hold(directory);
    INDArray weights = first.bundle().weights().tensors().values().iterator().next();
    try (SharedBundle other = hold(SmallModel.write(otherModels))) {
      assertThat(weights.wasClosed()).isFalse();
      assertThat(other.bundle()).isNotSameAs(first.bundle());
    }

    first.close();
    first.close();
    hold(otherModels.resolve(directory.getFileName())).close();

    assertThat(weights.wasClosed()).isTrue();
  }

  @Test
  void otherVersionThanExpectedIsRefused() {
    Path directory = SmallModel.write(models);

    assertThatThrownBy(
            () -> SharedBundle.hold(directory.toString(), "another", new Configuration()))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("another");
  }
}
