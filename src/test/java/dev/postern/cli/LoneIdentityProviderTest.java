package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.app.Sidecar;
import dev.postern.testing.Await;
import dev.postern.testing.RawHttp;
import dev.postern.testing.program.ChildProcess;
import dev.postern.testing.program.FreePorts;
import dev.postern.testing.program.PosternProcess;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoneIdentityProviderTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String IDENTITY = "/outpost.goauthentik.io/auth/traefik";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return new Cli(Map.of(), new PrintWriter(out, true), new PrintWriter(err, true), Sidecar::start)
        .run(args);
  }

  private static ChildProcess start(Path directory, String... flags) {
    List<String> command = new ArrayList<>(PosternProcess.program());
    command.addAll(List.of("demo", "--only=identity-provider"));
    command.addAll(List.of(flags));
    ChildProcess process = ChildProcess.start(directory.resolve("log"), command);
    Await.until(
        "it is ready or ends",
        LIMIT,
        () -> !process.isAlive() || process.log().contains("Ready: "));
    return process;
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT"})
  void only_untilTheSignal_servesAndExitsWithZero(String signal, @TempDir Path directory)
      throws IOException {
    int port = FreePorts.find(1).getFirst();
    try (ChildProcess process =
        start(directory, "--listen=:" + port, "--url=https://login.example.test")) {
      assertThat(process.log())
          .contains("catch-all: every host of example.test\n")
          .contains("vault: https://vault.example.test/")
          .contains("Sign in as alice with the password wonderland")
          .endsWith(
              "Ready: the identity provider listens on :%d, its login is at https://login.example.test\n"
                  .formatted(port));
      assertThat(challenge(port, "a.example.test"))
          .startsWith(
              "https://login.example.test/application/o/authorize/?client_id=cid-catch-all");
      assertThat(challenge(port, "vault.example.test")).contains("client_id=cid-vault");
      assertThat(challenge(port, "a.example.com")).isEmpty();

      process.signal(signal);
      assertThat(process.awaitExit(LIMIT)).isZero();
    }
  }

  /// The redirect target for a request without a session; empty if it is not redirected.
  private static String challenge(int port, String host) throws IOException {
    String location =
        RawHttp.once(
                port,
                RawHttp.get(
                    IDENTITY,
                    "Host: idp",
                    "X-Forwarded-Proto: https",
                    "X-Forwarded-Host: " + host,
                    "X-Forwarded-Uri: /",
                    "Connection: close"))
            .first("Location");
    return location == null ? "" : location;
  }

  @Test
  void only_forATime_endsByItself(@TempDir Path directory) {
    try (ChildProcess process = start(directory, "--listen=127.0.0.1:0", "--for=1ms")) {
      assertThat(process.awaitExit(LIMIT)).isZero();
      assertThat(process.log()).containsPattern("Ready: .* on 127\\.0\\.0\\.1:[1-9]");
    }
  }

  @Test
  void only_onAPortThatIsTaken_failsWithASentence() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      assertThat(run("demo", "--only=identity-provider", "--listen=" + address)).isEqualTo(1);
      assertThat(err.toString())
          .isEqualTo(
              "postern: the identity provider cannot run: Cannot listen on "
                  + address
                  + ": Address already in use\n");
    }
    assertThat(out.toString()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--listen=:1 | --listen needs --only",
        "--url=http://auth.example.test | --url needs --only",
        "--only=postern | '--only': must be identity-provider",
        "--only=identity-provider --port=1 | --port cannot be used with --only",
        "--only=identity-provider --traefik=none | --traefik cannot be used with --only",
        "--only=identity-provider --listen=9000 | '--listen': \"9000\" is not an address",
        "--only=identity-provider --url=auth.example.test | '--url': \"auth.example.test\" must"
            + " begin with http://",
        "--only=identity-provider --url=http://login.localhost | --url: login.localhost is in no",
        "--only=identity-provider --url=http://127.0.0.1:9000 | --url: 127.0.0.1 is in no domain",
      })
  void only_withConflictingFlags_isWrongUsage(String flags, String message) {
    assertThat(run(("demo " + flags).split(" ", -1))).isEqualTo(2);
    assertThat(err.toString())
        .contains(message)
        .endsWith("(see postern demo --help)\n")
        .hasLineCount(1);
    assertThat(out.toString()).isEmpty();
  }
}
