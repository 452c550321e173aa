package dev.postern.routing.source;

import dev.postern.config.Secret;
import dev.postern.config.tls.ClientTls;
import dev.postern.net.Endpoint;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// An API that is polled.
///
/// @param system whose API it is, for messages
/// @param section its section of the configuration, for messages
/// @param endpoint scheme (http or https), host, port, and base path
/// @param authorization complete value of the `Authorization` header, or null for none
/// @param interval time between two polls
/// @param timeout timeout per request, from connecting to the end of the response
/// @param tls how its certificate is verified
/// @param advice fixes that are specific to this API
public record ApiTarget(
    String system,
    String section,
    Endpoint endpoint,
    @Nullable Secret authorization,
    Duration interval,
    Duration timeout,
    ClientTls tls,
    Advice advice) {

  /// Fixes, each the end of a sentence.
  ///
  /// @param refused if the API refuses the credentials
  /// @param absent if something else responds
  public record Advice(String refused, String absent) {}

  /// Host and port, as messages show them.
  String place() {
    return endpoint.authority();
  }

  String basePath() {
    return endpoint.path();
  }
}
