package dev.postern.rules;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Traefik's two rule languages. They have the same grammar and different matchers
/// (docs/design/traefik.md sections 2.3 and 2.5).
public enum RuleSyntax {
  /// The language of Traefik 3; the default.
  V3,
  /// The language of Traefik 2, with templates in braces.
  V2;

  private static final List<String> MATCHERS_V3 =
      List.of(
          "ClientIP",
          "Method",
          "Host",
          "HostRegexp",
          "Path",
          "PathRegexp",
          "PathPrefix",
          "Header",
          "HeaderRegexp",
          "Query",
          "QueryRegexp");
  private static final List<String> MATCHERS_V2 =
      List.of(
          "Host",
          "HostHeader",
          "HostRegexp",
          "ClientIP",
          "Path",
          "PathPrefix",
          "Method",
          "Headers",
          "HeadersRegexp",
          "Query");
  private static final Map<String, String> SPELLINGS_V3 = spellings(MATCHERS_V3);
  private static final Map<String, String> SPELLINGS_V2 = spellings(MATCHERS_V2);

  /// Reads a router's `ruleSyntax` as Traefik does: only the exact text `v2` means version 2,
  /// anything else, even `V2`, means version 3 (docs/design/traefik.md section 2.2).
  ///
  /// @param configured the configured text, or null when the router has none
  public static RuleSyntax ofConfigured(@Nullable String configured) {
    return "v2".equals(configured) ? V2 : V3;
  }

  /// Returns the canonical names of this syntax's matchers.
  public List<String> matchers() {
    return switch (this) {
      case V3 -> MATCHERS_V3;
      case V2 -> MATCHERS_V2;
    };
  }

  /// Returns the canonical name for each of the four spellings of every matcher: as listed, all
  /// lower, all upper, and only the first letter upper.
  public Map<String, String> spellings() {
    return switch (this) {
      case V3 -> SPELLINGS_V3;
      case V2 -> SPELLINGS_V2;
    };
  }

  /// The accepted spellings for matchers of any names.
  ///
  /// @return the canonical name by each of the four spellings of every name
  public static Map<String, String> spellings(List<String> names) {
    Map<String, String> result = new HashMap<>();
    for (String name : names) {
      String lower = name.toLowerCase(Locale.ROOT);
      result.put(name, name);
      result.put(lower, name);
      result.put(name.toUpperCase(Locale.ROOT), name);
      result.put(lower.substring(0, 1).toUpperCase(Locale.ROOT) + lower.substring(1), name);
    }
    return Map.copyOf(result);
  }
}
