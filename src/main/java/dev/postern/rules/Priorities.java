package dev.postern.rules;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The order in which Traefik asks its routers (docs/design/traefik.md section 2.6): by priority,
/// highest first; then by the place of the provider in `providers.precedence`; then, where Traefik
/// leaves the order to chance, by name.
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

  /// The highest priority a router that is not internal may have.
  public static final long MAX_CONFIGURED = Long.MAX_VALUE - 1000;

  private Priorities() {}

  /// What the order depends on.
  ///
  /// @param name the qualified name, such as `app@file`
  /// @param priority the effective priority
  public record Ranked(String name, long priority) {}

  /// The priority a router really has.
  ///
  /// @param configured the configured number; 0 stands for none
  /// @param rule the rule exactly as configured, white space included
  /// @return the configured number, or the length of the rule in UTF-8 bytes
  public static long effective(long configured, String rule) {
    return configured != 0 ? configured : rule.getBytes(StandardCharsets.UTF_8).length;
  }

  /// Tells whether Traefik accepts a priority; it disables a router whose priority it does not.
  ///
  /// @param name the qualified name; `…@internal` may have any priority
  /// @param priority the effective priority
  /// @return whether the router is served
  public static boolean isAccepted(String name, long priority) {
    return priority <= MAX_CONFIGURED || name.endsWith("@internal");
  }

  /// The provider that counts in a tie.
  ///
  /// @param name a qualified name
  /// @return what follows the only `@` of the name, or empty for a name without or with several
  public static Optional<String> provider(String name) {
    int at = name.indexOf('@');
    return at < 0 || name.indexOf('@', at + 1) >= 0
        ? Optional.empty()
        : Optional.of(name.substring(at + 1));
  }

  /// The order with a list of providers.
  ///
  /// @param precedence the providers, first wins; providers that are not listed rank last
  /// @return a total order whose least element is asked first
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
