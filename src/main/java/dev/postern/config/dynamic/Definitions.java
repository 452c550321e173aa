package dev.postern.config.dynamic;

import dev.postern.config.Problem;
import dev.postern.config.dynamic.DynamicConfig.MiddlewareEntry;
import dev.postern.config.dynamic.DynamicConfig.Origin;
import dev.postern.config.dynamic.DynamicConfig.RouterEntry;
import dev.postern.config.dynamic.DynamicConfig.ServiceEntry;
import dev.postern.config.dynamic.schema.Values;
import dev.postern.config.dynamic.tree.Tree;
import dev.postern.config.dynamic.tree.Tree.Entry;
import dev.postern.config.dynamic.tree.Tree.Section;
import dev.postern.config.key.Words;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.IntFunction;

/// The merged definitions of all files; the first definition of a name wins.
final class Definitions {
  /// The sections whose names must be unique across files.
  private static final List<Named> NAMED =
      List.of(
          new Named("http", List.of("routers", "services", "middlewares", "serversTransports")),
          new Named("tcp", List.of("routers", "services", "middlewares", "serversTransports")),
          new Named("udp", List.of("routers", "services")),
          new Named("tls", List.of("options", "stores")));

  private final Map<String, Origin> first = new HashMap<>();
  private final List<RouterEntry> routers = new ArrayList<>();
  private final List<MiddlewareEntry> middlewares = new ArrayList<>();
  private final List<ServiceEntry> services = new ArrayList<>();
  private final List<Problem> warnings = new ArrayList<>();

  private record Named(String top, List<String> kinds) {}

  /// Adds a file.
  ///
  /// @param root the file's root section, already checked against Traefik's schema
  /// @param origins maps a line of the rendered text to its place in the file
  void add(Section root, IntFunction<Origin> origins) {
    for (Named named : NAMED) {
      for (String kind : named.kinds()) {
        String path = named.top() + "." + kind;
        Map<String, Entry> entries = entries(root, named.top(), kind);
        entries.values().removeIf(entry -> isRepeated(path, entry, origins));
        keep(path, List.copyOf(entries.values()), origins);
      }
    }
  }

  /// Within one file the last spelling of a section name wins.
  private static Map<String, Entry> entries(Section root, String top, String kind) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (Entry section : Values.entries(root, top)) {
      for (Entry entry : Values.inside(section.value(), kind)) {
        entries.put(entry.key(), entry);
      }
    }
    return entries;
  }

  private boolean isRepeated(String kind, Entry entry, IntFunction<Origin> origins) {
    String path = kind + "." + entry.key();
    Origin origin = origins.apply(entry.line());
    Origin before = first.putIfAbsent(path, origin);
    if (before != null) {
      warnings.add(
          new Problem(
              origin + ": " + Words.printable(path),
              "is already defined at " + before + "; this definition is not used"));
    }
    return before != null;
  }

  private void keep(String kind, List<Entry> entries, IntFunction<Origin> origins) {
    switch (kind) {
      case "http.routers" -> add(entries, origins, Definitions::router, routers);
      case "http.middlewares" -> add(entries, origins, Definitions::middleware, middlewares);
      case "http.services" ->
          add(entries, origins, (entry, at) -> new ServiceEntry(entry.key(), at), services);
      case String _ -> {}
    }
  }

  private static <T> void add(
      List<Entry> entries,
      IntFunction<Origin> origins,
      BiFunction<Entry, Origin, T> make,
      List<T> list) {
    entries.forEach(entry -> list.add(make.apply(entry, origins.apply(entry.line()))));
  }

  private static RouterEntry router(Entry entry, Origin origin) {
    Tree router = entry.value();
    String priority = Values.text(router, "priority");
    return new RouterEntry(
        entry.key(),
        Values.text(router, "rule"),
        Values.text(router, "ruleSyntax"),
        priority.isEmpty() ? 0 : Long.parseLong(priority),
        Values.texts(router, "entryPoints"),
        Values.texts(router, "middlewares"),
        Values.text(router, "service"),
        Values.texts(router, "parentRefs"),
        Values.isOn(router, "tls"),
        origin);
  }

  private static MiddlewareEntry middleware(Entry entry, Origin origin) {
    Tree middleware = entry.value();
    List<String> kinds =
        middleware instanceof Section section
            ? section.entries().stream()
                .map(Entry::key)
                .filter(kind -> Values.isOn(middleware, kind))
                .toList()
            : List.of();
    List<String> chain =
        Values.entries(middleware, "chain").stream()
            .flatMap(one -> Values.texts(one.value(), "middlewares").stream())
            .toList();
    Map<String, Object> plugins = new LinkedHashMap<>();
    Values.inside(middleware, "plugin")
        .forEach(plugin -> plugins.put(plugin.key(), Values.free(plugin.value())));
    return new MiddlewareEntry(entry.key(), kinds, chain, plugins, origin);
  }

  DynamicConfig config() {
    return new DynamicConfig(routers, middlewares, services);
  }

  List<Problem> warnings() {
    return warnings;
  }
}
