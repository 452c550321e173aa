package dev.postern.testing.program;

import dev.postern.testing.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// Real Prometheus that scrapes the programs of a test every second.
public final class Prometheus implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  private final int port;
  private final ChildProcess process;
  private final HttpClient client = HttpClient.newHttpClient();

  private Prometheus(int port, ChildProcess process) {
    this.port = port;
    this.process = process;
  }

  /// Starts Prometheus and waits until it is ready.
  ///
  /// @param directory an empty directory for its files
  /// @param jobs port of each job's only target
  /// @param rules a file with rules
  /// @return the running server
  /// @throws UncheckedIOException when its files cannot be written
  /// @throws AssertionError when it is not ready in time
  public static Prometheus start(Path directory, Map<String, Integer> jobs, Path rules) {
    int port = FreePorts.find(1).getFirst();
    StringBuilder configuration = new StringBuilder();
    configuration.append(
        """
        global: { scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s }
        rule_files: ["%s"]
        scrape_configs:
        """
            .formatted(rules.toAbsolutePath()));
    jobs.forEach((job, target) ->
        configuration.append(
            "  - { job_name: %s, static_configs: [{ targets: [\"127.0.0.1:%d\"] }] }%n"
                .formatted(job, target)));
    try {
      Path file =
          Files.writeString(
              Files.createDirectories(directory).resolve("prometheus.yml"), configuration);
      List<String> command =
          List.of(
              ExternalProgram.PROMETHEUS.require().toString(),
              "--config.file=" + file,
              "--storage.tsdb.path=" + directory.resolve("data"),
              "--web.listen-address=127.0.0.1:" + port);
      Prometheus prometheus =
          new Prometheus(port, ChildProcess.start(directory.resolve("prometheus.log"), command));
      prometheus.awaitReady();
      return prometheus;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitReady() {
    try {
      Await.until("prometheus is ready", START_LIMIT, () -> get("/-/ready").statusCode() == 200);
    } catch (AssertionError e) {
      close();
      throw new AssertionError("prometheus does not start:\n" + process.log(), e);
    }
  }

  /// Evaluates an expression.
  ///
  /// @param expression PromQL
  /// @param time Unix time in seconds, or empty for now
  /// @return the elements of the vector
  public List<JsonNode> query(String expression, String time) throws IOException {
    String path =
        "/api/v1/query?query="
            + URLEncoder.encode(expression, StandardCharsets.UTF_8)
            + (time.isEmpty() ? "" : "&time=" + time);
    JsonNode answer = api(path);
    if (!answer.path("status").asString().equals("success")) {
      throw new AssertionError(expression + ": " + answer);
    }
    return answer.path("data").path("result").valueStream().toList();
  }

  /// Sends a request to the API.
  ///
  /// @param path path below the root
  /// @return the JSON of the response
  public JsonNode api(String path) throws IOException {
    return new ObjectMapper().readTree(get(path).body());
  }

  private HttpResponse<String> get(String path) throws IOException {
    try {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  @Override
  public void close() {
    process.close();
    client.close();
  }
}
