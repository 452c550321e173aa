package dev.postern.routing;

import dev.postern.routing.definition.MiddlewareDefinition;
import dev.postern.routing.definition.Provider;
import dev.postern.routing.definition.RouterDefinition;
import dev.postern.routing.definition.Snapshot;
import dev.postern.routing.pluginoptions.ForwardOptions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Which routers use which `plugin` blocks that set limits.
///
/// Only Traefik's API lists all users of a block: it includes labels and the middlewares that an
/// entry point adds. Until it has been loaded, every block of a file applies to every request.
/// After that, these still do: a file's block that no router in a file uses, so that a label cannot
/// remove a limit (invariant 11), and a block with a user whose requests Postern cannot recognise.
///
/// @param routers every definition of every router whose rule must be evaluated; empty where all
///   limits apply to every request
/// @param middlewares one definition of each middleware
/// @param byRouter the blocks of each router, by its name
/// @param everywhere the blocks that apply to every request, with the reason as text
/// @param ofFiles all blocks of files
record BlockUse(
    List<Router> routers,
    Map<String, MiddlewareDefinition> middlewares,
    Map<String, List<ForwardOptions>> byRouter,
    Map<ForwardOptions, String> everywhere,
    List<ForwardOptions> ofFiles) {

  static BlockUse of(Map<Provider, Snapshot> snapshots) {
    Snapshot files = snapshots.getOrDefault(Provider.FILE, Snapshot.EMPTY);
    Snapshot api = snapshots.getOrDefault(Provider.TRAEFIK, Snapshot.EMPTY);
    List<ForwardOptions> ofFiles = bounding(files.middlewares());
    Map<ForwardOptions, String> everywhere = new LinkedHashMap<>();
    if (ofFiles.isEmpty() && bounding(api.middlewares()).isEmpty()) {
      return new BlockUse(List.of(), Map.of(), Map.of(), everywhere, ofFiles);
    }
    if (!snapshots.containsKey(Provider.TRAEFIK)) {
      ofFiles.forEach(block ->
          everywhere.put(block, "because only Traefik's API lists every router that uses them"));
      return new BlockUse(List.of(), Map.of(), Map.of(), everywhere, ofFiles);
    }
    return ofAll(files, api, ofFiles);
  }

  private static BlockUse ofAll(Snapshot files, Snapshot api, List<ForwardOptions> ofFiles) {
    Map<String, List<MiddlewareDefinition>> named =
        Stream.of(api, files)
            .flatMap(snapshot -> snapshot.middlewares().stream())
            .collect(Collectors.groupingBy(MiddlewareDefinition::name));
    Function<String, List<MiddlewareDefinition>> find = name -> named.getOrDefault(name, List.of());
    // A file may be newer than the API's data, so the users in both count.
    List<Router> routers =
        Stream.concat(api.routers().stream(), files.routers().stream()).map(Router::of).toList();
    Set<String> ofFile =
        files.routers().stream().map(RouterDefinition::name).collect(Collectors.toSet());
    Set<String> served =
        routers.stream()
            .filter(router -> router.refusal().isEmpty())
            .map(Router::name)
            .collect(Collectors.toSet());
    Map<String, List<ForwardOptions>> byRouter = new HashMap<>();
    Map<ForwardOptions, String> everywhere = new LinkedHashMap<>();
    Set<ForwardOptions> usedInFiles = new HashSet<>();
    for (Router router : routers) {
      List<ForwardOptions> blocks = bounding(used(router, find));
      if (!served.contains(router.name())) {
        String why = "because router " + router.name() + " uses them: " + router.refusal();
        blocks.forEach(block -> everywhere.putIfAbsent(block, why));
      } else if (!blocks.isEmpty()) {
        byRouter.computeIfAbsent(router.name(), _ -> new ArrayList<>()).addAll(blocks);
        if (ofFile.contains(router.name())) {
          usedInFiles.addAll(blocks);
        }
      }
    }
    ofFiles.stream()
        .filter(block -> !usedInFiles.contains(block))
        .forEach(block -> everywhere.putIfAbsent(block, "because no router in a file uses them"));
    Map<String, MiddlewareDefinition> one = new HashMap<>();
    named.forEach((name, definitions) -> one.put(name, definitions.getFirst()));
    return new BlockUse(routers, one, byRouter, everywhere, ofFiles);
  }

  private static List<ForwardOptions> bounding(Collection<MiddlewareDefinition> middlewares) {
    return middlewares.stream()
        .flatMap(middleware -> middleware.options().stream())
        .filter(block -> block.cacheDuration() != null || block.timeout() != null)
        .toList();
  }

  /// All middlewares of a router in order, including the members of its chains.
  ///
  /// @param find returns all definitions of a name
  static Set<MiddlewareDefinition> used(
      Router router, Function<String, List<MiddlewareDefinition>> find) {
    Set<MiddlewareDefinition> used = new LinkedHashSet<>();
    List<String> pending = new ArrayList<>(router.definition().middlewares().reversed());
    while (!pending.isEmpty()) {
      for (MiddlewareDefinition middleware : find.apply(pending.removeLast())) {
        if (used.add(middleware)) {
          pending.addAll(middleware.chain().reversed());
        }
      }
    }
    return used;
  }
}
