package dev.postern.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.app.Sidecar;
import dev.postern.config.load.StaticConfigLoader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class HealthcheckCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final ServerSocket server;

  HealthcheckCommandTest() throws IOException {
    server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  @Test
  void run_ping200_isHealthy() throws Exception {
    var request = respond("HTTP/1.1 200 OK\r\n\r\nOK");
    assertThat(run(":" + server.getLocalPort())).isZero();
    assertThat(out.toString().lines())
        .containsExactly("healthy: /ping at " + address() + " responded 200");
    assertThat(request.get(5, TimeUnit.SECONDS)).isEqualTo("GET /ping HTTP/1.1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "HTTP/1.1 503 Service Unavailable | 503",
        "SSH-2.0-OpenSSH | not an HTTP response",
        "'' | not an HTTP response"
      })
  void run_otherResponse_isNotHealthy(String line, String message) {
    var _ = respond(line + "\r\n\r\n");
    assertThat(run("0.0.0.0:" + server.getLocalPort())).isEqualTo(1);
    assertThat(err.toString().lines())
        .containsExactly("postern: not healthy: /ping at " + address() + ": " + message);
  }

  @ParameterizedTest
  @CsvSource({"/outpost/ping, /outpost/ping, 204", "'', /, 200"})
  void run_urlThatResponds2xx_isHealthy(String path, String requested, int status)
      throws Exception {
    var request = respond("HTTP/1.1 " + status + " Fine\r\n\r\n");
    assertThat(cli("healthcheck", "--url=http://" + address() + path)).isZero();
    assertThat(out.toString().lines())
        .containsExactly("healthy: " + requested + " at " + address() + " responded " + status);
    assertThat(request.get(5, TimeUnit.SECONDS)).isEqualTo("GET " + requested + " HTTP/1.1");
  }

  @ParameterizedTest
  @ValueSource(ints = {302, 404, 500})
  void run_urlThatRespondsOtherwise_isNotHealthy(int status) {
    var _ = respond("HTTP/1.1 " + status + " Other\r\n\r\n");
    assertThat(cli("healthcheck", "--url=http://" + address() + "/p")).isEqualTo(1);
    assertThat(err.toString().lines())
        .containsExactly("postern: not healthy: /p at " + address() + ": " + status);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--url=https://127.0.0.1/ | --url must begin with http://",
        "--url=http://127.0.0.1/ --entryPoints.admin.address=:1 | unknown flag"
            + " --entryPoints.admin.address",
        "--url=ping | Invalid value for option '--url': \"ping\" must begin with http://",
      })
  void run_unusableUrl_isWrongUsage(String flags, String message) {
    assertThat(cli(("healthcheck " + flags).split(" ", -1))).isEqualTo(2);
    assertThat(err.toString()).startsWith("postern: " + message).hasLineCount(1);
  }

  @Test
  void run_noResponse_timesOutAfterTwoSeconds() {
    assertThat(run("127.0.0.1:" + server.getLocalPort())).isEqualTo(1);
    assertThat(err.toString()).contains(": no response within 2s");
  }

  @Test
  void run_connectionRefused_isNotHealthy() throws IOException {
    String address = address();
    server.close();
    assertThat(run(address)).isEqualTo(1);
    assertThat(err.toString().lines())
        .containsExactly("postern: not healthy: /ping at " + address + ": Connection refused");
  }

  @Test
  void run_badConfiguration_listsItsProblems() {
    assertThat(run("9300")).isEqualTo(1);
    assertThat(err.toString()).contains("POSTERN_ENTRYPOINTS_ADMIN_ADDRESS: \"9300\" is not");
  }

  private int cli(String... args) {
    return new Cli(Map.of(), new PrintWriter(out, true), new PrintWriter(err, true), Sidecar::start)
        .run(args);
  }

  private int run(String adminAddress) {
    var loader = new StaticConfigLoader(Map.of("POSTERN_ENTRYPOINTS_ADMIN_ADDRESS", adminAddress));
    return new HealthcheckCommand(loader, new PrintWriter(out, true), new PrintWriter(err, true))
        .run(List.of());
  }

  private String address() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  /// Responds to one connection and completes with its request line.
  private CompletableFuture<String> respond(String text) {
    return CompletableFuture.supplyAsync(() -> {
      try (Socket socket = server.accept()) {
        var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
        String first = String.valueOf(in.readLine());
        for (String line = in.readLine(); line != null && !line.isEmpty(); ) {
          line = in.readLine();
        }
        socket.getOutputStream().write(text.getBytes(US_ASCII));
        return first;
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    });
  }
}
