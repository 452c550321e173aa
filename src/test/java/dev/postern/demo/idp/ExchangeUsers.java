package dev.postern.demo.idp;

import dev.postern.demo.core.Core;
import dev.postern.demo.core.DemoUser;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The users of the recording.
final class ExchangeUsers {
  static final DemoUser ALICE =
      DemoUser.of("alice", "secret", "Alice A", "alice@example.test", List.of("g1", "g2"))
          .withClaim("entitlements", List.of("e1"));
  static final DemoUser CAROL =
      DemoUser.of("carol", "secret", "Carol", "carol@example.test", List.of("g1", "g2"))
          .withClaim("entitlements", List.of("e1"));
  static final DemoUser SVC = service("svc", "svc@example.test", "Svc");

  private ExchangeUsers() {}

  static DemoUser service(String username, String email, String name) {
    return DemoUser.of(username, "apppass", name, email, List.of());
  }

  static DemoUser withPassword(DemoUser user, String password) {
    return new DemoUser(user.username(), password, user.sub(), user.claims(), null);
  }

  static DemoUser withName(DemoUser user, String username) {
    return new DemoUser(username, user.password(), "sub-" + username, user.claims(), null)
        .withClaim("preferred_username", username);
  }

  /// The user who is logged in when an exchange begins.
  static DemoUser of(String exchange) {
    return switch (exchange) {
      case "identity with empty claims" ->
          ALICE
              .withClaim("email", "")
              .withClaim("name", "")
              .withClaim("groups", List.of())
              .withClaim("entitlements", List.of());
      case "identity with only sub and sid, no ak_proxy" ->
          new DemoUser("min", "secret", "sub-min", Map.of(), null);
      case "basic_auth_enabled with both attributes and additionalHeaders" ->
          ALICE.withAttributes(
              Map.of("bu", "buser", "bp", "bpass", "additionalHeaders", allKindsOfHeaders()));
      case "basic_auth_enabled, only the password attribute: user falls back to e-mail" ->
          ALICE.withAttributes(Map.of("bp", "bpass"));
      case "basic_auth_enabled, only the user attribute: no Authorization" ->
          ALICE.withAttributes(Map.of("bu", "buser"));
      case "additionalHeaders that is not an object" ->
          ALICE.withAttributes(Map.of("additionalHeaders", "text"));
      case "non-ASCII name and separators inside group names" ->
          ALICE.withClaim("name", "Zoë 中").withClaim("groups", List.of("a|b", "c,d", "é"));
      case "line feed in a claim" -> ALICE.withClaim("name", "line\nbreak");
      case "basic, user attribute only, additionalHeaders" ->
          ALICE.withAttributes(
              Map.of("bu", "buser", "additionalHeaders", Map.of("X-Extra", "v1", "X-Number", 5)));
      case "embedded store: additionalHeaders" ->
          ALICE.withAttributes(
              Map.of("bp", "p", "additionalHeaders", Map.of("X-Extra", "v", "X-Number", 5)));
      case "sign_out 1: logout flag in the forwarded URI, session of alice" ->
          withTokenLength(ALICE, 831);
      case "logout flag" -> withTokenLength(ALICE, 839);
      default -> ALICE;
    };
  }

  private static Map<String, Object> allKindsOfHeaders() {
    Map<String, Object> headers = new LinkedHashMap<>();
    headers.put("X-Extra", "v1");
    headers.put("x-authentik-username", "overridden");
    headers.put("X-Number", 5);
    headers.put("X-Float", 1.5);
    headers.put("X-Bool", true);
    headers.put("X-Null", null);
    headers.put("X-List", List.of("a"));
    headers.put("X-Newline", "a\r\nInjected: 1");
    headers.put("X_twin", "underscore");
    headers.put("X-Twin", "dash");
    headers.put("not a name", "dropped");
    return headers;
  }

  /// Pads an attribute until the access token has the length of the recorded one.
  static DemoUser withTokenLength(DemoUser user, int length) {
    Instant tenDigits = Instant.parse("2026-11-24T12:00:00Z");
    for (int padding = 0; padding < length; padding++) {
      DemoUser candidate = user.withAttributes(Map.of("p", "x".repeat(padding)));
      Core core = new Core(ExchangeStage.CORE_URL, Clock.fixed(tenDigits, ZoneOffset.UTC));
      ExchangeApplications.ALL.forEach(core::putApplication);
      core.putUser(candidate);
      var session = core.login(candidate.username(), candidate.password()).orElseThrow();
      String token = core.redeem("cid-app", core.authorize("cid-app", session)).orElseThrow();
      if (token.length() == length) {
        return candidate;
      }
      if (token.length() > length) {
        throw new AssertionError("The bare token has " + token.length() + " characters.");
      }
    }
    throw new AssertionError("No padding leads to " + length + " characters.");
  }
}
