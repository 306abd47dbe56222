package storyloom.model.registry;

import java.util.Locale;

/** What was decided of a model. */
public enum VersionState {
  /** Nothing yet. */
  CANDIDATE,
  /** It was made the current one. */
  PROMOTED,
  /** It is not to be used; its record says why. */
  REFUSED;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
