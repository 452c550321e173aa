package dev.postern.server.admin;

import dev.postern.verdict.RevocationSource;
import dev.postern.verdict.Revocations;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/// A revocation that a client of the admin API can request.
sealed interface RevocationRequest {
  /// One session.
  record Sid(String sid) implements RevocationRequest {}

  /// All sessions of one subject.
  record Sub(String sub) implements RevocationRequest {}

  /// All entries of one application.
  record Application(String application) implements RevocationRequest {}

  /// Everything.
  record All() implements RevocationRequest {}

  /// Parses a request: an object with exactly one of its four keys.
  ///
  /// @throws IllegalArgumentException if it is invalid, with a message for the client
  static RevocationRequest read(JsonNode body) {
    List<String> keys = List.copyOf(body.propertyNames());
    if (keys.size() != 1) {
      throw new IllegalArgumentException(
          "Exactly one of \"sid\", \"sub\", \"application\" and \"all\" is required.");
    }
    String key = keys.getFirst();
    JsonNode value = body.get(key);
    return switch (key) {
      case "sid" -> new Sid(text(key, value));
      case "sub" -> new Sub(text(key, value));
      case "application" -> new Application(text(key, value));
      case "all" -> {
        if (!value.isBoolean() || !value.booleanValue()) {
          throw new IllegalArgumentException("\"all\" must be true.");
        }
        yield new All();
      }
      case String other ->
          throw new IllegalArgumentException(
              "Unknown key; \"sid\", \"sub\", \"application\" or \"all\" is required.");
    };
  }

  private static String text(String key, JsonNode value) {
    if (!value.isString() || value.stringValue().isEmpty()) {
      throw new IllegalArgumentException("\"" + key + "\" must be a non-empty string.");
    }
    return value.stringValue();
  }

  /// Performs the revocation.
  ///
  /// @param sharedAt names of the applications whose shared verdicts may serve a host
  /// @param feed the source to record
  /// @return number of entries that were removed
  default int apply(
      Revocations revocations, Function<String, Set<String>> sharedAt, RevocationSource feed) {
    return switch (this) {
      case Sid(String sid) -> revocations.bySid(sid, feed);
      case Sub(String sub) -> revocations.bySub(sub, feed);
      case Application(String application) ->
          revocations.byApplication(application, feed)
              + sharedAt.apply(application).stream()
                  .mapToInt(name -> revocations.byApplication(name, feed))
                  .sum();
      case All() -> revocations.all(feed);
    };
  }
}
