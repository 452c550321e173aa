package dev.postern.demo.outpost;

import dev.postern.demo.core.Jwt;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The identity that a session holds: the claims of a token and the token itself.
///
/// @param token the raw access token
/// @param values all claims
record Claims(String token, Map<String, Object> values) {
  static Optional<Claims> of(String token) {
    return Jwt.claims(token).map(values -> new Claims(token, values));
  }

  String text(String claim) {
    return values.get(claim) instanceof String text ? text : "";
  }

  String joined(String claim) {
    return values.get(claim) instanceof List<?> list
        ? String.join("|", list.stream().map(String::valueOf).toList())
        : "";
  }

  long expires() {
    return values.get("exp") instanceof Number exp ? exp.longValue() : 0;
  }

  @Nullable Object attribute(String name) {
    return values.get("ak_proxy") instanceof Map<?, ?> proxy
            && proxy.get("user_attributes") instanceof Map<?, ?> attributes
        ? attributes.get(name)
        : null;
  }
}
