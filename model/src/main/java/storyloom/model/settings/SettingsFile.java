package storyloom.model.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import storyloom.model.UserException;

/** Reads a configuration file: HOCON, and nothing but that one file. */
final class SettingsFile {

  /**
   * One key and its value.
   *
   * @param where file and line
   */
  record Assignment(String key, String value, String where) {}

  private SettingsFile() {}

  /**
   * Every key of the file and of reference.conf below it; substitutions see both, but neither
   * system properties nor the environment.
   *
   * @param file local path, or a Hadoop URI
   * @throws UserException of usage if the file cannot be read, is not HOCON or gives a key no value
   */
  static List<Assignment> read(String file) {
    try (Reader reader = new InputStreamReader(open(file), StandardCharsets.UTF_8)) {
      Config merged =
          ConfigFactory.parseReader(reader, parseOptions(file))
              .withFallback(ReferenceSettings.read().config())
              .resolve(ConfigResolveOptions.noSystem());
      return leaves(List.of(), merged.root()).toList();
    } catch (FileNotFoundException | NoSuchFileException e) {
      throw UserException.usage("there is no configuration file " + file, e);
    } catch (IOException | IllegalArgumentException e) { // the latter for an unknown HDFS host
      throw UserException.usage("cannot read " + file + ": " + e.getMessage(), e);
    } catch (ConfigException e) {
      // some messages span lines
      throw UserException.usage(e.getMessage().strip().replaceAll("\\s+", " "), e);
    }
  }

  /** A number, a truth value or a text as it was written. */
  static String text(ConfigValue value) {
    return value.atKey("value").getString("value");
  }

  private static InputStream open(String file) throws IOException {
    if (!file.matches("[A-Za-z][A-Za-z0-9+.-]*:/.*")) {
      return Files.newInputStream(java.nio.file.Path.of(file));
    }
    Path path = new Path(file);
    return path.getFileSystem(new Configuration()).open(path);
  }

  private static ConfigParseOptions parseOptions(String file) {
    return ConfigParseOptions.defaults()
        .setSyntax(ConfigSyntax.CONF)
        .setOriginDescription(file)
        .setIncluder(new NoIncludes(file));
  }

  private static Stream<Assignment> leaves(List<String> path, ConfigObject object) {
    return object.entrySet().stream().flatMap(entry -> leaves(path, entry));
  }

  private static Stream<Assignment> leaves(
      List<String> parents, Map.Entry<String, ConfigValue> entry) {
    List<String> path = new ArrayList<>(parents);
    path.add(entry.getKey());
    ConfigValue value = entry.getValue();
    if (value instanceof ConfigObject object) {
      return leaves(path, object);
    }
    String key = ConfigUtil.joinPath(path);
    String where = value.origin().description();
    return switch (value.valueType()) {
      case NULL -> throw UserException.usage("%s has no value (%s)".formatted(key, where));
      case LIST ->
          throw UserException.usage("%s takes one value, not a list (%s)".formatted(key, where));
      default -> Stream.of(new Assignment(key, text(value), where));
    };
  }

  /** Refuses {@code include}, which would also look on the class path. */
  private record NoIncludes(String file) implements ConfigIncluder {
    @Override
    public ConfigIncluder withFallback(ConfigIncluder fallback) {
      return this;
    }

    @Override
    public ConfigObject include(ConfigIncludeContext context, String what) {
      throw UserException.usage(
          file + ": \"include\" is not supported; write the settings of " + what + " here");
    }
  }
}
