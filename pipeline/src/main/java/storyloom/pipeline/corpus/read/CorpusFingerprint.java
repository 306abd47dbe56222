package storyloom.pipeline.corpus.read;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.Serializable;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileChecksum;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import storyloom.model.files.HadoopFiles;
import storyloom.model.files.Sha256;
import storyloom.model.settings.UserInformation;
import storyloom.pipeline.JobDescription;

/**
 * What the files of a corpus hold, in short, so that an unchanged corpus is recognised without
 * being read as text.
 *
 * <p>If the file system keeps checksums of content, as HDFS does, these count. Elsewhere the
 * executors hash the bytes, block by block: length and time of change would be cheaper, but a file
 * that was changed and given its old time again would be taken for the old one.
 */
public final class CorpusFingerprint {

  private static final long BLOCK = 64L << 20;
  private static final int BUFFER = 1 << 20;

  private final JavaSparkContext context;
  private final SerializableConfiguration hadoop;

  /** A piece of a file. */
  private record Block(String file, long from, long length) implements Serializable {}

  private CorpusFingerprint(JavaSparkContext context) {
    this.context = context;
    this.hadoop = new SerializableConfiguration(context.hadoopConfiguration());
  }

  /**
   * The files of a corpus, in the order of their names: what each is read as, and a checksum of its
   * content. Their names are without user information.
   *
   * @param path the setting {@code corpus.path}
   * @param format the setting {@code corpus.format}
   * @throws storyloom.model.UserException if there is no such corpus, or a file cannot be read
   */
  public static SortedMap<String, String> files(
      JavaSparkContext context, String path, String format) {
    List<CorpusLocator.Source> sources =
        new CorpusLocator(path, DataFormat.ofCorpus(format), context.hadoopConfiguration())
            .locate();
    SortedMap<String, String> all = new TreeMap<>();
    try (JobDescription described = JobDescription.of(context, "compare the corpus")) {
      CorpusFingerprint fingerprint = new CorpusFingerprint(context);
      for (CorpusLocator.Source source : sources) {
        for (FileStatus file : source.files(fingerprint.hadoop.value())) {
          all.put(
              UserInformation.removedFrom(file.getPath().toString()),
              "%s %s %s".formatted(source.split(), source.format(), fingerprint.checksum(file)));
        }
      }
    } catch (Exception failure) {
      throw Unreadable.explain("the corpus at " + path, failure);
    }
    return all;
  }

  /** SHA-256, in hexadecimal, over the names of a corpus's files and what {@link #files} says. */
  public static String hash(SortedMap<String, String> files) {
    MessageDigest all = Sha256.digest();
    files.forEach((file, content) -> all.update((content + " " + file + "\n").getBytes(UTF_8)));
    return Sha256.hex(all);
  }

  /** As {@link #hash(SortedMap)}, of the files of a corpus as they are now. */
  public static String hash(JavaSparkContext context, String path, String format) {
    return hash(files(context, path, format));
  }

  private String checksum(FileStatus file) throws IOException {
    FileChecksum known =
        HadoopFiles.of(file.getPath(), hadoop.value()).getFileChecksum(file.getPath());
    return known == null
        ? file.getLen() + " " + hashed(file)
        : known.getAlgorithmName() + " " + HexFormat.of().formatHex(known.getBytes());
  }

  /** SHA-256 over the SHA-256 of each block. */
  private String hashed(FileStatus file) {
    List<Block> blocks = new ArrayList<>();
    for (long from = 0; from < file.getLen(); from += BLOCK) {
      blocks.add(new Block(file.getPath().toString(), from, Math.min(BLOCK, file.getLen() - from)));
    }
    SerializableConfiguration configuration = hadoop;
    MessageDigest whole = Sha256.digest();
    if (!blocks.isEmpty()) {
      context
          .parallelize(blocks, blocks.size())
          .map(block -> hash(block, configuration.value()))
          .collect()
          .forEach(whole::update);
    }
    return Sha256.hex(whole);
  }

  private static byte[] hash(Block block, Configuration configuration) throws IOException {
    Path file = new Path(block.file());
    MessageDigest digest = Sha256.digest();
    byte[] buffer = new byte[BUFFER];
    try (FSDataInputStream in = HadoopFiles.of(file, configuration).open(file)) {
      in.seek(block.from());
      for (long left = block.length(); left > 0; ) {
        int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (read < 0) {
          throw new IOException(file + " has become shorter while it was read");
        }
        digest.update(buffer, 0, read);
        left -= read;
      }
    }
    return digest.digest();
  }
}
