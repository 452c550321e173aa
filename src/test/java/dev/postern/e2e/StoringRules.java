package dev.postern.e2e;

import dev.postern.testing.Field;
import dev.postern.testing.upstream.Exchange;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// Decides which recorded responses may be stored. Written only from docs/design/invariants.md and
/// docs/design/authentik.md, independently of the program, so that it can contradict it.
final class StoringRules {
  /// The required handling of a response.
  enum Expected {
    /// the next equal request is a hit
    STORED,
    /// the next equal request causes a check again
    NOT_STORED,
    /// both are safe: the spelling is unusual, but unambiguous for the upstream
    EITHER
  }

  private static final Set<String> FLAGS =
      Set.of("x-authentik-auth-callback", "x-authentik-logout");
  private static final Pattern BAD_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");
  private static final Pattern USUAL_COOKIES =
      Pattern.compile("[^=\\s\",;]+=[^\\s\",;\\\\]*(; [^=\\s\",;]+=[^\\s\",;\\\\]*)*");

  private StoringRules() {}

  static Expected expected(Exchange exchange) {
    if (!isIdentity(exchange)
        || !hasOneCredential(exchange)
        || !isWellFormed(exchange)
        || hasFlag(exchange)) {
      return Expected.NOT_STORED;
    }
    return isUnusual(exchange) ? Expected.EITHER : Expected.STORED;
  }

  private static boolean isIdentity(Exchange exchange) {
    return exchange.status() == 200
        && answer(exchange, "Set-Cookie").isEmpty()
        && answer(exchange, "Location").isEmpty()
        && answer(exchange, "X-Authentik-Uid").stream().anyMatch(uid -> !uid.isEmpty())
        && answer(exchange, "X-Authentik-Meta-App").stream().anyMatch(app -> !app.isEmpty());
  }

  private static boolean hasOneCredential(Exchange exchange) {
    List<String> names =
        values(exchange, "Cookie").stream()
            .flatMap(line -> Arrays.stream(line.split(";", -1)))
            .map(pair -> pair.strip().split("=", -1)[0])
            .filter(name -> name.startsWith("authentik_proxy_"))
            .toList();
    int authorizations = values(exchange, "Authorization").size();
    return names.size() == new HashSet<>(names).size()
        && authorizations <= 1
        && names.size() + authorizations > 0;
  }

  private static boolean isWellFormed(Exchange exchange) {
    List<String> protos = values(exchange, "X-Forwarded-Proto");
    List<String> hosts = values(exchange, "X-Forwarded-Host");
    List<String> uris = values(exchange, "X-Forwarded-Uri");
    return protos.size() == 1
        && Set.of("http", "https", "ws", "wss").contains(protos.getFirst())
        && hosts.size() == 1
        && hosts.getFirst().matches("[^\\s,]+")
        && uris.size() == 1
        && uris.getFirst().startsWith("/")
        && !BAD_ESCAPE.matcher(uris.getFirst()).find();
  }

  /// Both separators, any case, any position: if parsers differ, the flag counts.
  private static boolean hasFlag(Exchange exchange) {
    String uri = values(exchange, "X-Forwarded-Uri").getFirst();
    String beforeFragment = uri.split("#", -1)[0];
    int query = beforeFragment.indexOf('?');
    return query >= 0
        && Arrays.stream(beforeFragment.substring(query + 1).split("[&;]", -1))
            .map(pair -> decode(pair).toLowerCase(Locale.ROOT))
            .anyMatch(pair -> FLAGS.stream().anyMatch(flag -> pair.equals(flag + "=true")));
  }

  private static boolean isUnusual(Exchange exchange) {
    String uri = values(exchange, "X-Forwarded-Uri").getFirst();
    String lower = decode(uri).toLowerCase(Locale.ROOT);
    return FLAGS.stream().anyMatch(lower::contains)
        || !uri.chars().allMatch(c -> c > ' ' && c < 0x7f)
        || exchange.request().stream().anyMatch(line -> line.endsWith(" "))
        || !values(exchange, "Cookie").stream().allMatch(c -> USUAL_COOKIES.matcher(c).matches());
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.ISO_8859_1);
  }

  private static List<String> values(Exchange exchange, String name) {
    return exchange.request().stream()
        .map(Field::of)
        .filter(f -> f.name().equalsIgnoreCase(name))
        .map(Field::value)
        .toList();
  }

  private static List<String> answer(Exchange exchange, String name) {
    return exchange.headers().stream()
        .filter(f -> f.name().equalsIgnoreCase(name))
        .map(Field::value)
        .toList();
  }
}
