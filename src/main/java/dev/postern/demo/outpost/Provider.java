package dev.postern.demo.outpost;

import dev.postern.demo.core.DemoApplication;
import dev.postern.demo.core.Hmac;
import dev.postern.demo.golang.GoUrl;
import dev.postern.demo.outpost.session.Claims;
import dev.postern.demo.outpost.session.SessionStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// One loaded application: its configuration, values derived from it, and the cache of
/// `Authorization` values, which a reload of the configuration clears.
final class Provider {
  private static final long AUTHORIZATION_SECONDS = 60;
  private static final int MAX_CACHED = 10_000;

  private final DemoApplication application;
  private final String cookieName;
  private final String externalHostName;
  private final List<Pattern> openPaths;
  private final SessionStore.CookieOptions cookieOptions;
  private final Map<String, Cached> authorizations = new ConcurrentHashMap<>();

  private record Cached(Claims claims, Instant until) {}

  Provider(DemoApplication application) {
    this.application = application;
    this.cookieName = "authentik_proxy_" + Hmac.sha256Hex(application.clientId()).substring(0, 8);
    this.externalHostName = GoUrl.parse(application.externalHost()).map(GoUrl::host).orElse("");
    this.openPaths = compile(application.skipPathRegex());
    this.cookieOptions =
        new SessionStore.CookieOptions(
            application.cookieDomain(),
            application.externalHost().startsWith("https:"),
            Math.toIntExact(application.accessTokenValidity().toSeconds()) + 1);
  }

  private static List<Pattern> compile(String patterns) {
    List<Pattern> compiled = new ArrayList<>();
    if (!patterns.isEmpty()) {
      for (String line : patterns.split("\n", -1)) {
        try {
          compiled.add(Pattern.compile(line));
        } catch (PatternSyntaxException e) {
          // The outpost ignores a pattern that does not compile.
        }
      }
    }
    return List.copyOf(compiled);
  }

  DemoApplication application() {
    return application;
  }

  String cookieName() {
    return cookieName;
  }

  /// Host and port of the external host, the key of the exact look-up.
  String externalHostName() {
    return externalHostName;
  }

  SessionStore.CookieOptions cookieOptions() {
    return cookieOptions;
  }

  boolean isDomain() {
    return application.mode() == DemoApplication.Mode.FORWARD_DOMAIN;
  }

  /// Whether a forwarded URL is open without an identity (docs/design/authentik.md section 3).
  boolean isOpen(GoUrl forwarded) {
    String tested = isDomain() ? forwarded.toString() : forwarded.path();
    return openPaths.stream().anyMatch(pattern -> pattern.matcher(tested).find());
  }

  Optional<Claims> cached(String authorization, Instant now) {
    Cached cached = authorizations.get(authorization);
    boolean fresh = cached != null && now.isBefore(cached.until());
    return cached != null && fresh ? Optional.of(cached.claims()) : Optional.empty();
  }

  /// Caches a successful authentication; an unexpired entry is not replaced.
  void cache(String authorization, Claims claims, Instant now) {
    if (authorizations.size() >= MAX_CACHED) {
      authorizations.values().removeIf(cached -> !now.isBefore(cached.until()));
    }
    if (cached(authorization, now).isEmpty()) {
      Instant until = now.plusSeconds(AUTHORIZATION_SECONDS);
      authorizations.put(authorization, new Cached(claims, until));
    }
  }
}
