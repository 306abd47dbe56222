package storyloom.model.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import storyloom.model.OneLine;
import storyloom.model.UserException;
import storyloom.model.files.HadoopFiles;

/**
 * Reads a configuration file: HOCON, and nothing but that one file. Whatever is in it, reading ends
 * in settings or in one line, and takes little time and memory.
 */
final class SettingsFile {

  private static final int MOST_BYTES = 1 << 18;

  /** Of all values together, once the substitutions are made. */
  private static final int MOST_CHARACTERS = 1 << 24;

  /** What stands for another value: {@code +=} puts the value so far before what it adds. */
  private static final Pattern SUBSTITUTION = Pattern.compile("\\$\\{|\\+=");

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
   * @throws UserException of usage if the file cannot be read, is not HOCON, holds an unknown key
   *     or gives a key no value
   */
  static List<Assignment> read(String file) {
    try {
      String text = content(file);
      requireModestGrowth(file, text);
      Config merged =
          ConfigFactory.parseString(text, parseOptions(file))
              .withFallback(ReferenceSettings.read().config())
              .resolve(ConfigResolveOptions.noSystem());
      List<Assignment> found = new ArrayList<>();
      collect(file, List.of(), merged.root(), found);
      return found;
    } catch (FileNotFoundException | NoSuchFileException e) {
      throw UserException.usage("there is no configuration file " + file, e);
    } catch (IOException | IllegalArgumentException e) { // the latter for an unknown HDFS host
      throw UserException.usage("cannot read " + file + ": " + e.getMessage(), e);
    } catch (ConfigException e) {
      throw UserException.usage(OneLine.of(e.getMessage()), e); // some messages span lines
    } catch (StackOverflowError e) { // the parser calls itself for each level
      throw UserException.usage(
          file + " is nested too deep: write each setting as one line, such as train.epochs = 3");
    }
  }

  /** A number, a truth value or a text as it was written. */
  static String text(ConfigValue value) {
    return value.atKey("value").getString("value");
  }

  private static String content(String file) throws IOException {
    byte[] bytes = bytes(file);
    if (bytes.length > MOST_BYTES) {
      throw UserException.usage(
          "%s is no configuration file: it has more than %d KiB"
              .formatted(file, MOST_BYTES / 1024));
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String file) throws IOException {
    if (file.matches("[A-Za-z][A-Za-z0-9+.-]*:/.*")) {
      Path path = new Path(file);
      FileSystem files = HadoopFiles.of(path, HadoopFiles.configuration());
      return HadoopFiles.read(files, path, in -> in.readNBytes(MOST_BYTES + 1));
    }
    try (InputStream in = Files.newInputStream(java.nio.file.Path.of(file))) {
      return in.readNBytes(MOST_BYTES + 1); // of a pipe too: a shell makes one of <(…)
    }
  }

  /**
   * Refuses values that put each other in again and again. A value with m substitutions of another
   * one is m times as long, and where k substitutions are shared out over such steps, the product
   * of the m is greatest if each is 3.
   */
  private static void requireModestGrowth(String file, String text) {
    long substitutions = SUBSTITUTION.matcher(text).results().count();
    if (text.length() * Math.pow(3, substitutions / 3.0) > MOST_CHARACTERS) {
      throw UserException.usage(
          "%s has %d substitutions (${…} or +=), which may make its values too long: write some of them out"
              .formatted(file, substitutions));
    }
  }

  private static ConfigParseOptions parseOptions(String file) {
    return ConfigParseOptions.defaults()
        .setSyntax(ConfigSyntax.CONF)
        .setOriginDescription(file)
        .setIncluder(new NoIncludes(file));
  }

  /** Goes no deeper than known keys do: substitutions may make a tree that has no end. */
  private static void collect(
      String file, List<String> parents, ConfigObject group, List<Assignment> found) {
    for (Map.Entry<String, ConfigValue> entry : group.entrySet()) {
      List<String> path = new ArrayList<>(parents);
      path.add(entry.getKey());
      ConfigValue value = entry.getValue();
      if (value instanceof ConfigObject inner
          && ReferenceSettings.read().isGroup(ConfigUtil.joinPath(path))) {
        collect(file, path, inner, found);
      } else {
        String origin = value.origin().description();
        String where = origin.contains(file) ? origin : file; // else of a value that it puts in
        found.add(assignment(path, value, where));
      }
    }
  }

  private static Assignment assignment(List<String> path, ConfigValue value, String where) {
    try {
      requirePlainNames(path);
      ReferenceSettings.Setting setting =
          ReferenceSettings.read().setting(ConfigUtil.joinPath(path));
      String key = setting.key();
      return switch (value.valueType()) {
        case NULL -> throw UserException.usage(key + " has no value");
        case LIST -> throw UserException.usage(key + " takes one value, not a list");
        case OBJECT -> {
          if (setting.range() instanceof SettingRange.Tree) {
            yield new Assignment(key, value.render(ConfigRenderOptions.concise()), where);
          }
          throw UserException.usage(key + " takes one value, not a group of settings");
        }
        default -> new Assignment(key, text(value), where);
      };
    } catch (UserException e) {
      throw UserException.usage("%s (%s)".formatted(e.getMessage(), where), e);
    }
  }

  /** To HOCON {@code "train.epochs"} is another key than {@code train.epochs}. */
  private static void requirePlainNames(List<String> path) {
    if (path.stream().noneMatch(name -> name.contains("."))) {
      return;
    }
    String meant = ReferenceSettings.read().nearest(String.join(".", path));
    String json =
        "{\"" + meant.replace(".", "\": {\"") + "\": …" + "}".repeat(meant.split("\\.").length);
    throw UserException.usage(
        "%s is a single name because of its quotes: write %s without them, or in JSON %s"
            .formatted(OneLine.of(ConfigUtil.joinPath(path)), meant, json));
  }

  /** Refuses each form of {@code include}: files, addresses, what stands on the class path. */
  private record NoIncludes(String file)
      implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderURL, ConfigIncluderClasspath {
    @Override
    public ConfigIncluder withFallback(ConfigIncluder fallback) {
      return this;
    }

    @Override
    public ConfigObject include(ConfigIncludeContext context, String what) {
      throw refused(what);
    }

    @Override
    public ConfigObject includeFile(ConfigIncludeContext context, File what) {
      throw refused(what.toString());
    }

    @Override
    public ConfigObject includeURL(ConfigIncludeContext context, URL what) {
      throw refused(what.toString());
    }

    @Override
    public ConfigObject includeResources(ConfigIncludeContext context, String what) {
      throw refused(what);
    }

    private UserException refused(String what) {
      return UserException.usage(
          "%s: \"include\" is not supported; write the settings of %s here"
              .formatted(file, OneLine.of(UserInformation.removedFrom(what))));
    }
  }
}
