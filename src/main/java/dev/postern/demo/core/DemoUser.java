package dev.postern.demo.core;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A person or a service account.
///
/// @param username the login name
/// @param password the password at login and of Basic header authentication
/// @param sub the `sub` claim of every token
/// @param claims further claims of every token, `ak_proxy` with the user's attributes among them
/// @param totpSecret the key of the one-time codes in base32, or null without a second factor
public record DemoUser(
    String username,
    String password,
    String sub,
    Map<String, Object> claims,
    @Nullable String totpSecret) {

  /// Keeps the order of the claims.
  public DemoUser {
    claims = Collections.unmodifiableMap(new LinkedHashMap<>(claims));
  }

  /// A user with the usual claims.
  ///
  /// @param username the login name; the subject is `sub-` and this name
  /// @param name the full name
  /// @param email the e-mail address
  /// @param groups the names of the groups
  /// @return the user without attributes and second factor
  public static DemoUser of(
      String username, String password, String name, String email, List<String> groups) {
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("email", email);
    claims.put("email_verified", true);
    claims.put("name", name);
    claims.put("preferred_username", username);
    claims.put("groups", groups);
    claims.put("entitlements", List.of());
    return new DemoUser(username, password, "sub-" + username, claims, null)
        .withAttributes(Map.of());
  }

  /// The same user with one claim set.
  ///
  /// @param value a value that JSON can hold
  public DemoUser withClaim(String claim, Object value) {
    Map<String, Object> changed = new LinkedHashMap<>(claims);
    changed.put(claim, value);
    return new DemoUser(username, password, sub, changed, totpSecret);
  }

  /// The same user with these attributes.
  ///
  /// @param attributes the attributes, `additionalHeaders` among them
  public DemoUser withAttributes(Map<String, ?> attributes) {
    Map<String, Object> proxy = new LinkedHashMap<>();
    proxy.put("user_attributes", new LinkedHashMap<>(attributes));
    proxy.put("is_superuser", false);
    return withClaim("ak_proxy", proxy);
  }

  /// The same user with another subject.
  ///
  /// @param other the subject
  public DemoUser withSub(String other) {
    return new DemoUser(username, password, other, claims, totpSecret);
  }

  /// The same user with a second factor.
  ///
  /// @param secret the key in base32
  public DemoUser withTotpSecret(String secret) {
    return new DemoUser(username, password, sub, claims, secret);
  }
}
