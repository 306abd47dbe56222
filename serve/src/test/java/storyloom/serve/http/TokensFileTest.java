package storyloom.serve.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import storyloom.model.UserException;

/** What a file of tokens must be. */
final class TokensFileTest {

  private static final String ALICE = "alice alices-token-0123";

  @TempDir Path home;

  private Path tokens(String... lines) throws IOException {
    return TestService.tokensFile(home, lines);
  }

  private static void assertRefused(Path file, String message) {
    assertThatThrownBy(() -> ApiTokens.read(file, 0))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("serve.tokens-file: ")
        .hasMessageContaining(message)
        .hasMessageNotContainingAny("alices-token", "\n");
  }

  @Test
  void linesThatAreNoneAreNamed() throws IOException {
    assertRefused(
        tokens("# the first line", "alice short"),
        "tokens, line 2 must be a name, a token of at least 16 characters");
    assertRefused(tokens(ALICE + " root"), "line 1 must be a name");
    assertRefused(tokens("# nobody"), "holds no token");
    assertRefused(home.resolve("none"), "cannot read");
  }

  @Test
  void aTokenThatTwoLinesHoldIsRefused() throws IOException {
    assertRefused(
        tokens(ALICE, "", "bob alices-token-0123 admin"),
        "tokens, line 3 holds the token of line 1 again");
  }

  @Test
  void aNameMayHaveTwoTokensWhileItChangesThem() throws IOException {
    ApiTokens both = ApiTokens.read(tokens(ALICE, "alice alices-other-token"), 0);

    assertThat(both.admit("Bearer alices-token-0123")).isEqualTo("alice");
    assertThat(both.admit("Bearer alices-other-token")).isEqualTo("alice");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r--r--", "rw-----w-", "rwxrwxrwx", "------r--"})
  void aFileThatIsNotSecretIsRefused(String permissions) throws IOException {
    Path file = tokens(ALICE);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));

    assertRefused(file, "chmod o-rw it");
  }

  /** As Kubernetes lays out its secrets. */
  @Test
  void whatALinkLeadsToIsWhatCounts() throws IOException {
    Path file = tokens(ALICE);
    Path link = Files.createSymbolicLink(home.resolve("link"), file);

    assertThat(ApiTokens.read(link, 0).areNeeded()).isTrue();
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertRefused(link, "every user of this machine");
  }

  @ParameterizedTest
  @ValueSource(strings = {"r--------", "rw-------", "rw-r-----", "r--r-----"})
  void theOwnerAndItsGroupMayReadIt(String permissions) throws IOException {
    Path file = tokens(ALICE);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));

    assertThat(ApiTokens.read(file, 0).areNeeded()).isTrue();
  }

  /** A name stands in the log. */
  @Test
  void aNameIsOneLine() throws IOException {
    ApiTokens odd = ApiTokens.read(tokens("al\u001B[31mi\u202Ece alices-token-0123"), 0);

    assertThat(odd.nameOf("Bearer alices-token-0123")).isEqualTo("al [31mice");
  }
}
