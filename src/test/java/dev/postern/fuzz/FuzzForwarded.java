package dev.postern.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.postern.demo.golang.GoUrl;
import dev.postern.net.ForwardedRequest;
import dev.postern.net.HeaderLine;
import dev.postern.net.HeaderLines;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Any bytes as header lines of a forward-auth request: an accepted request is a valid URL with the
/// same host for Go, the outpost's language.
public final class FuzzForwarded {
  private FuzzForwarded() {}

  /// Called by the fuzzer.
  ///
  /// @param data header lines, separated by line feeds; the first letter selects the name
  public static void fuzzerTestOneInput(byte[] data) {
    List<HeaderLine> lines = new ArrayList<>();
    for (String line : new String(data, ISO_8859_1).split("\n", -1)) {
      if (!line.isEmpty()) {
        lines.add(new HeaderLine(name(line.charAt(0)), line.substring(1)));
      }
    }
    ForwardedRequest request = ForwardedRequest.read("GET", "/auth", "", HeaderLines.of(lines));
    if (!request.equals(request.frozen()) || request.client("peer").isEmpty()) {
      throw new IllegalStateException("not itself");
    }
    if (request.form() == ForwardedRequest.Form.SOUND) {
      check(request);
    }
  }

  private static String name(char letter) {
    return switch (letter) {
      case 'm' -> "X-Forwarded-Method";
      case 'p' -> "X-Forwarded-Proto";
      case 'h' -> "X-Forwarded-Host";
      case 'u' -> "X-Forwarded-Uri";
      case 'f' -> "X-Forwarded-For";
      default -> "x-forwarded-uri";
    };
  }

  private static void check(ForwardedRequest request) {
    Optional<GoUrl> url = GoUrl.parse(request.proto() + "://" + request.host() + request.uri());
    if (url.isEmpty()) {
      // The outpost refuses it too, with a 500: nothing that could be stored.
      return;
    }
    int query = request.uri().indexOf('?');
    String path = query < 0 ? request.uri() : request.uri().substring(0, query);
    if (!url.get().host().equals(request.host())
        || !url.get().userInfo().isEmpty()
        || !url.get().fragment().isEmpty()
        || !url.get().query().equals(query < 0 ? "" : request.uri().substring(query + 1))
        || !url.get().path().equals(decoded(path))) {
      throw new IllegalStateException("read otherwise: " + url.get());
    }
  }

  private static String decoded(String path) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < path.length(); i++) {
      if (path.charAt(i) == '%') {
        text.append((char) Integer.parseInt(path.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        text.append(path.charAt(i));
      }
    }
    return text.toString();
  }
}
