package storyloom.model.settings;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UserInformationTest {

  @ParameterizedTest
  @CsvSource({
    "ftp://ann:pw@host/a, ftp://host/a",
    "ftp://ann:p@w@host:21/a, ftp://host:21/a",
    "https://token@host, https://host",
    "s3a://KEY:SECRET@bucket/a*, s3a://bucket/a*",
    "HTTP://:pw@[::1]:80/, HTTP://[::1]:80/",
    "abfss://ann:pw@host/a, abfss://host/a",
    "'hdfs://nn/a,sftp://ann:pw@host/b', 'hdfs://nn/a,sftp://host/b'",
    "cannot read ftp://ann:$1\\pw@host/a: no, cannot read ftp://host/a: no",
    "x.abfs://token@host/, x.abfs://host/",
  })
  void usersAndPasswordsVanishFromAddresses(String text, String without) {
    assertThat(UserInformation.removedFrom(text)).isEqualTo(without);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "data",
        "/corpora/a@b",
        "you@example.org",
        "hdfs://namenode:9000/a@b",
        "https://host/a?to=you@example.org",
        "https://host?to=you@example.org",
        "s3a://bucket, and you@example.org",
        "abfss://container@account.dfs.core.windows.net/a",
        "wasb://container@account.blob.core.windows.net/a",
      })
  void allElseStays(String text) {
    assertThat(UserInformation.removedFrom(text)).isEqualTo(text);
  }

  @Test
  void aTextOfMegabytesIsSearchedInNoTime() {
    String letters = "a".repeat(2_000_000);

    assertThat(UserInformation.removedFrom(letters + "://ann:pw@host/"))
        .isEqualTo(letters + "://host/");
  }
}
