package dev.postern.testing.upstream;

import dev.postern.testing.Field;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A user of the upstream.
///
/// @param sub subject, sent as `X-Authentik-Uid`; may be empty
/// @param sid id of the core session, or null for a session without one
/// @param username user name, group and e-mail address are derived from it
/// @param app slug, sent as `X-Authentik-Meta-App`
/// @param exp when the token expires
/// @param extra further header lines of the response
public record Identity(
    String sub, @Nullable String sid, String username, String app, Instant exp, List<Field> extra) {
  /// Copies the list.
  public Identity {
    extra = List.copyOf(extra);
  }

  /// A user whose session lasts an hour.
  ///
  /// @param username the user name
  /// @param app the application's slug
  /// @return the user, with `sub-<username>` and `sid-<username>`
  public static Identity of(String username, String app) {
    return new Identity(
        "sub-" + username,
        "sid-" + username,
        username,
        app,
        Instant.now().plus(Duration.ofHours(1)),
        List.of());
  }

  /// {@return the access token}
  public String token() {
    return Jwt.of(sub, sid, exp);
  }

  /// The identity lines of a response in wire form: Go's canonical spelling, sorted by name.
  ///
  /// @param userAgent of the request, echoed; null if it had none
  public List<Field> fields(@Nullable String userAgent) {
    List<Field> fields = new ArrayList<>(extra);
    fields.add(new Field("User-Agent", userAgent == null ? "" : userAgent));
    fields.add(new Field("X-Authentik-Email", username + "@example.test"));
    fields.add(new Field("X-Authentik-Entitlements", ""));
    fields.add(new Field("X-Authentik-Groups", "g-" + username + "|everyone"));
    fields.add(new Field("X-Authentik-Jwt", token()));
    fields.add(new Field("X-Authentik-Meta-App", app));
    fields.add(
        new Field(
            "X-Authentik-Meta-Jwks", "http://authentik.test/application/o/" + app + "/jwks/"));
    fields.add(new Field("X-Authentik-Meta-Outpost", "test outpost"));
    fields.add(new Field("X-Authentik-Meta-Provider", "Provider for " + app));
    fields.add(new Field("X-Authentik-Meta-Version", "goauthentik.io/outpost/2026.2.2"));
    fields.add(new Field("X-Authentik-Name", username));
    fields.add(new Field("X-Authentik-Uid", sub));
    fields.add(new Field("X-Authentik-Username", username));
    fields.add(new Field("X-Powered-By", "authentik_proxy2"));
    fields.sort(Comparator.comparing(Field::name));
    return fields;
  }
}
