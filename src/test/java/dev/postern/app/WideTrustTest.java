package dev.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.testing.PosternConfig;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Warnings about trusted ranges.
class WideTrustTest {
  private static final URI UPSTREAM = URI.create("http://127.0.0.1:1");

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0/0", "::/0", "0.0.0.0/1", "128.0.0.0/7", "2000::/3", "f000::/4"})
  void range_largerThanOneOwners_isWarnedOf(String range) {
    assertThat(WideTrust.warnings(PosternConfig.of(UPSTREAM, directory).trust(range).build()))
        .isNotEmpty()
        .allMatch(
            one -> one.contains(range + ", which trusts anyone who can reach this entry point"))
        .first()
        .asString()
        .startsWith("entryPoints.auth.forwardedHeaders.trustedIPs");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.0.2.7",
        "fc00::/7",
        "fe80::/10",
        "2001:db8::/32"
      })
  void range_ofOneOwner_isNotWarnedOf(String range) {
    assertThat(WideTrust.warnings(PosternConfig.of(UPSTREAM, directory).trust(range).build()))
        .isEmpty();
  }
}
