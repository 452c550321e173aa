package dev.postern.testing.upstream;

import dev.postern.testing.Field;
import dev.postern.testing.RawHttp;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Replaces the placeholders of the recordings, each always with the same value.
final class Placeholders {
  private static final Pattern PLACEHOLDER =
      Pattern.compile("<(base64 of (?:[^<>]|<token>)*|[^<>]*)>");
  private static final Pattern COOKIE = Pattern.compile("cookie-(\\d+)(?:-of-session-\\d+)?");

  private final Map<String, String> subjects = new HashMap<>();
  private final Instant exp = Instant.now().plus(Duration.ofHours(1));

  /// Records the uid of each token in a response, because token and uid must match.
  void learnSubject(List<Field> answer) {
    Map<String, String> values = new HashMap<>();
    answer.forEach(field -> values.put(field.name(), field.value()));
    String token = values.get("X-Authentik-Jwt");
    String uid = values.get("X-Authentik-Uid");
    if (token != null && uid != null) {
      subjects.put(token.substring(1, token.length() - 1), uid);
    }
  }

  Field fill(Field field) {
    return new Field(field.name(), fill(field.value()));
  }

  String fill(String text) {
    Matcher matcher = PLACEHOLDER.matcher(text);
    return RawHttp.utf8(
        matcher.replaceAll(found -> Matcher.quoteReplacement(value(found.group(1)))));
  }

  private String value(String name) {
    Matcher cookie = COOKIE.matcher(name);
    if (cookie.matches()) {
      return padded("MTc2" + cookie.group(1) + "-cookie_", 160);
    }
    if (name.startsWith("token-")) {
      return token(name);
    }
    if (name.startsWith("base64 of ")) {
      String plain = name.substring("base64 of ".length()).replace("<token>", token("token-8"));
      return Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
    }
    return switch (name) {
      case "date" -> "Tue, 24 Nov 2026 12:00:00 GMT";
      case "5000 letters A" -> "A".repeat(5000);
      case "the same cookie with + and / for - and _" -> padded("MTc2+/cookie", 160);
      default -> other(name);
    };
  }

  private static String other(String name) {
    if (!name.matches("(session|state|code)-\\d+")) {
      throw new IllegalArgumentException("unknown placeholder: <" + name + ">");
    }
    return padded(name + "-", 40);
  }

  /// Tokens of service accounts carry no `sid`, as docs/design/authentik.md section 2.3 says.
  private String token(String name) {
    String sub = subjects.getOrDefault(name, "sub-alice");
    return Jwt.of(sub, sub.startsWith("sub-svc") ? null : "sid-of-" + name, exp);
  }

  private static String padded(String start, int length) {
    return (start + "abcdefghijklmnopqrstuvwxyz0123456789".repeat(length / 36 + 1))
        .substring(0, length);
  }
}
