package dev.postern.routing.source;

import dev.postern.config.Secret;
import dev.postern.config.tls.ClientTls;
import dev.postern.net.Endpoint;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// An API that is polled.
///
/// @param system whose it is, for messages
/// @param section its section of the configuration, for messages
/// @param endpoint scheme (http or https), host, port, and the path below which it is served
/// @param authorization whole value of the `Authorization` header, or null for none
/// @param interval time between two polls
/// @param timeout bound of one request, from the attempt to connect to the end of the answer
/// @param tls how its certificate is checked
/// @param advice ways out of what only this API knows
public record ApiTarget(
    String system,
    String section,
    Endpoint endpoint,
    @Nullable Secret authorization,
    Duration interval,
    Duration timeout,
    ClientTls tls,
    Advice advice) {

  /// Ways out, each the end of a sentence.
  ///
  /// @param refused what to do when the API refuses the credentials
  /// @param absent what to do when something else answers
  public record Advice(String refused, String absent) {}

  /// Host and port, as messages show them.
  String place() {
    return endpoint.authority();
  }

  String basePath() {
    return endpoint.path();
  }
}
