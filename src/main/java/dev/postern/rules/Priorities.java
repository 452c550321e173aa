package dev.postern.rules;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Traefik's order of routers (docs/design/traefik.md section 2.6): by priority, highest first;
/// then by the provider's position in `providers.precedence`; then, where Traefik's order is
/// undefined, by name.
public final class Priorities {
  /// Traefik's default for `providers.precedence`.
  public static final List<String> DEFAULT_PRECEDENCE =
      List.of(
          "kubernetesgateway",
          "kubernetescrd",
          "kubernetes",
          "kubernetesingressnginx",
          "swarm",
          "docker",
          "file",
          "redis",
          "knative",
          "consul",
          "consulcatalog",
          "nomad",
          "etcd",
          "ecs",
          "http",
          "zookeeper",
          "rest");

  /// The highest priority of a router that is not internal.
  public static final long MAX_CONFIGURED = Long.MAX_VALUE - 1000;

  private Priorities() {}

  /// The sort key of a router.
  ///
  /// @param name the qualified name, such as `app@file`
  /// @param priority the effective priority
  public record Ranked(String name, long priority) {}

  /// The effective priority of a router.
  ///
  /// @param configured the configured number; 0 means none
  /// @param rule the rule exactly as configured, white space included
  /// @return the configured number, or the length of the rule in UTF-8 bytes
  public static long effective(long configured, String rule) {
    return configured != 0 ? configured : rule.getBytes(StandardCharsets.UTF_8).length;
  }

  /// Whether Traefik accepts a priority; otherwise it disables the router.
  ///
  /// @param name the qualified name; `…@internal` may have any priority
  /// @param priority the effective priority
  public static boolean isAccepted(String name, long priority) {
    return priority <= MAX_CONFIGURED || name.endsWith("@internal");
  }

  /// The provider that decides between equal priorities.
  ///
  /// @param name a qualified name
  /// @return the part after the only `@` of the name; empty if there is no or more than one `@`
  public static Optional<String> provider(String name) {
    int at = name.indexOf('@');
    return at < 0 || name.indexOf('@', at + 1) >= 0
        ? Optional.empty()
        : Optional.of(name.substring(at + 1));
  }

  /// The order for a list of providers.
  ///
  /// @param precedence the providers, highest precedence first; unlisted providers come last
  /// @return a total order whose least element is tried first
  public static Comparator<Ranked> order(List<String> precedence) {
    List<String> listed = precedence.stream().map(p -> p.toLowerCase(Locale.ROOT)).toList();
    return Comparator.comparingLong(Ranked::priority)
        .reversed()
        .thenComparingInt(router -> rank(router.name(), listed))
        .thenComparing(Ranked::name);
  }

  private static int rank(String name, List<String> listed) {
    int index = provider(name).map(listed::indexOf).orElse(-1);
    return index < 0 ? listed.size() : index;
  }
}
