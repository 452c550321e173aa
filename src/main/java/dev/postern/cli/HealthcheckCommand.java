package dev.postern.cli;

import dev.postern.config.ListenAddress;
import dev.postern.config.key.Kinds;
import dev.postern.config.load.StaticConfigLoader;
import dev.postern.config.load.StaticConfigLoader.Loaded;
import dev.postern.config.load.StaticConfigLoader.Refused;
import dev.postern.logging.LogText;
import dev.postern.net.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/// `postern healthcheck`: one `GET` of `/ping` or of a given URL over a plain socket, because the
/// runtime image contains no HTTP client.
final class HealthcheckCommand {
  private static final Duration TIME_LIMIT = Duration.ofSeconds(2);
  private static final int STATUS_LINE_LENGTH = 256;
  private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] (\\d{3})( .*)?");

  private final StaticConfigLoader loader;
  private final PrintWriter out;
  private final PrintWriter err;

  HealthcheckCommand(StaticConfigLoader loader, PrintWriter out, PrintWriter err) {
    this.loader = loader;
    this.out = out;
    this.err = err;
  }

  private record Target(ListenAddress address, String path) {
    static Target of(Endpoint url) {
      return new Target(
          new ListenAddress(url.host().text(), url.port()),
          url.path().isEmpty() ? "/" : url.path());
    }
  }

  static CommandSpec spec() {
    CommandSpec spec =
        CommandSpecs.spec(
            "Requests /ping of the admin entry point on this machine; exits with 1 when it is not"
                + " healthy.");
    spec.addOption(
        CommandSpecs.value("--url", "URL", Endpoint.class, Kinds.URL_WITH_PATH)
            .description("Requests this http:// URL instead, expects 2xx; takes no other flag.")
            .build());
    return CommandSpecs.withFlags(
        "healthcheck",
        spec,
        () ->
            List.of(
                "  Reads the same file and variables as serve and takes the same flags, but uses",
                "  only entryPoints.admin.address."));
  }

  int run(ParseResult parsed) {
    Endpoint url = parsed.matchedOptionValue("--url", null);
    if (url == null) {
      return run(parsed.unmatched());
    }
    if (!parsed.unmatched().isEmpty()) {
      throw new UnmatchedArgumentException(parsed.commandSpec().commandLine(), parsed.unmatched());
    }
    if (url.isTls()) {
      throw new ParameterException(
          parsed.commandSpec().commandLine(), "--url must begin with http://");
    }
    return request(Target.of(url));
  }

  int run(List<String> flags) {
    return switch (loader.loadAdminAddress(flags)) {
      case Refused<ListenAddress>(var problems) -> {
        CommandSpecs.print(problems, err);
        yield Cli.NEGATIVE;
      }
      case Loaded<ListenAddress>(var address, var _) ->
          request(new Target(reachable(address), "/ping"));
    };
  }

  /// A wildcard address cannot be connected to, so loopback stands for it.
  private static ListenAddress reachable(ListenAddress address) {
    return switch (address.host()) {
      case "", "0.0.0.0" -> new ListenAddress("127.0.0.1", address.port());
      case "::" -> new ListenAddress("::1", address.port());
      default -> address;
    };
  }

  private int request(Target target) {
    String requested = target.path() + " at " + target.address();
    String result;
    try {
      result = status(target);
    } catch (SocketTimeoutException _) {
      result = "no response within " + TIME_LIMIT.toSeconds() + "s";
    } catch (IOException | IllegalArgumentException e) {
      result = LogText.escape(String.valueOf(e.getMessage()));
    }
    if (result.matches("2\\d\\d")) {
      out.println("healthy: " + requested + " responded " + result);
      return Cli.OK;
    }
    err.println("postern: not healthy: " + requested + ": " + result);
    return Cli.NEGATIVE;
  }

  private static String status(Target target) throws IOException {
    long deadline = System.nanoTime() + TIME_LIMIT.toNanos();
    ListenAddress address = target.address();
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(address.host(), address.port()), millisTo(deadline));
      String request =
          "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
              .formatted(target.path(), address);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      Matcher line = STATUS_LINE.matcher(firstLine(socket, deadline));
      return line.matches() ? line.group(1) : "not an HTTP response";
    }
  }

  private static String firstLine(Socket socket, long deadline) throws IOException {
    InputStream in = socket.getInputStream();
    var line = new StringBuilder();
    while (line.length() < STATUS_LINE_LENGTH) {
      socket.setSoTimeout(millisTo(deadline));
      int next = in.read();
      if (next < 0 || next == '\r' || next == '\n') {
        break;
      }
      line.append((char) next);
    }
    return line.toString();
  }

  private static int millisTo(long deadline) throws SocketTimeoutException {
    long millis = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
    if (millis <= 0) {
      throw new SocketTimeoutException();
    }
    return Math.toIntExact(millis);
  }
}
