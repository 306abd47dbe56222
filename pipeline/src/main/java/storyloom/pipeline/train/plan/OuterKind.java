package storyloom.pipeline.train.plan;

import java.util.Locale;

/** What becomes of the workers' mean at the end of a round. */
public enum OuterKind {
  /** It is the new state as it is (McDonald, Hall and Mann 2010). */
  AVERAGE,
  /** The way from the old state to it gets momentum: BMUF (Chen and Huo 2016). */
  MOMENTUM,
  /** Nesterov's momentum on that way: DiLoCo (Douillard et al. 2023). */
  NESTEROV;

  /** As reference.conf spells it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The reverse of {@link #toString}. */
  public static OuterKind of(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }
}
