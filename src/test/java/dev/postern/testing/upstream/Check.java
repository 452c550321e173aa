package dev.postern.testing.upstream;

import dev.postern.testing.RawMessage;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A request as authentik reads it: the host decides the application, the cookies the session.
///
/// @param request the request as received
public record Check(RawMessage request) {
  private static final String PREFIX = "authentik_proxy_";

  /// {@return `X-Forwarded-Host`, or `Host` where that is absent or empty}
  public String host() {
    String forwarded = request.first("X-Forwarded-Host");
    return forwarded == null || forwarded.isEmpty()
        ? Objects.requireNonNullElse(request.first("Host"), "")
        : forwarded;
  }

  /// {@return the session cookies, `name=value` each, in their order}
  public List<String> cookies() {
    return request.values("Cookie").stream()
        .flatMap(line -> Arrays.stream(line.split(";", -1)))
        .map(String::strip)
        .filter(pair -> pair.startsWith(PREFIX))
        .toList();
  }

  /// {@return `X-Forwarded-Uri`, or null when there is none}
  public @Nullable String uri() {
    return request.first("X-Forwarded-Uri");
  }

  boolean hasFlag(String flag) {
    String uri = uri();
    return (uri != null && uri.contains(flag + "=true"))
        || request.target().contains(flag + "=true");
  }
}
