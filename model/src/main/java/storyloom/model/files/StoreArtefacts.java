package storyloom.model.files;

import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.util.VersionInfo;

/** Which library of Maven Central brings the file system of a scheme, for those who lack it. */
final class StoreArtefacts {

  private static final String HADOOP = "org.apache.hadoop:%s:" + VersionInfo.getVersion();

  private static final Map<String, String> OF_SCHEME =
      Map.of(
          "s3a", HADOOP.formatted("hadoop-aws"),
          "abfs", HADOOP.formatted("hadoop-azure"),
          "abfss", HADOOP.formatted("hadoop-azure"),
          "wasb", HADOOP.formatted("hadoop-azure"),
          "wasbs", HADOOP.formatted("hadoop-azure"),
          "oss", HADOOP.formatted("hadoop-aliyun"),
          "gs", "com.google.cloud.bigdataoss:gcs-connector:hadoop3-2.2.26");

  private StoreArtefacts() {}

  /** What to do where a scheme's file system is missing, in one line. */
  static String remedy(String scheme) {
    if (scheme.equals("s3") || scheme.equals("s3n")) {
      return "Hadoop's name for S3 is s3a://, not %s://".formatted(scheme);
    }
    return Optional.ofNullable(OF_SCHEME.get(scheme))
        .map(
            artefact ->
                "%s brings it: add --packages %s, or its jars by --jars"
                    .formatted(artefact, artefact))
        .orElse(
            "add the jars that bring it by --packages or --jars, or see whether it is misspelt");
  }
}
