package dev.postern.demo.outpost.session;

import dev.postern.demo.core.Jwt;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The identity of a session: the claims of a token and the token itself.
///
/// @param token the raw access token
/// @param values all claims
public record Claims(String token, Map<String, Object> values) {
  /// Reads the claims of a token.
  ///
  /// @return its claims, or nothing if it is malformed
  public static Optional<Claims> of(String token) {
    return Jwt.claims(token).map(values -> new Claims(token, values));
  }

  /// A claim that is text.
  ///
  /// @param claim its name
  /// @return the text, empty if there is none
  public String text(String claim) {
    return values.get(claim) instanceof String text ? text : "";
  }

  /// A claim that is a list, as the outpost writes it.
  ///
  /// @param claim its name
  /// @return the elements joined with a pipe
  public String joined(String claim) {
    return values.get(claim) instanceof List<?> list
        ? String.join("|", list.stream().map(String::valueOf).toList())
        : "";
  }

  /// The `exp` claim.
  ///
  /// @return seconds since the epoch, 0 without one
  public long expires() {
    return values.get("exp") instanceof Number exp ? exp.longValue() : 0;
  }

  /// An attribute of the user.
  ///
  /// @return the value, or null
  public @Nullable Object attribute(String name) {
    return values.get("ak_proxy") instanceof Map<?, ?> proxy
            && proxy.get("user_attributes") instanceof Map<?, ?> attributes
        ? attributes.get(name)
        : null;
  }
}
