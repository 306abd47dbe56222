package storyloom.model.decode;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import storyloom.model.settings.Settings;

/** Ways of decoding, told by the settings that differ from the defaults. */
public final class Decoding {

  private Decoding() {}

  /**
   * @param assignments such as {@code top-k=3}
   */
  public static DecodeSettings by(String... assignments) {
    List<String> keyValues = Stream.of(assignments).map("decode."::concat).toList();
    return DecodeSettings.of(Settings.load(Optional.empty(), keyValues));
  }
}
