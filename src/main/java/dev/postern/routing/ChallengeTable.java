package dev.postern.routing;

import dev.postern.routing.definition.MiddlewareDefinition;
import dev.postern.routing.pluginoptions.ChallengeResponse;
import dev.postern.routing.pluginoptions.ForwardOptions;
import dev.postern.routing.pluginoptions.OptionBlock;
import dev.postern.routing.pluginoptions.OptionBlock.Choice;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// How `plugin` blocks change the responses to challenges.
///
/// A block applies to the requests of the routers that use its middleware. A file's block without a
/// known user applies to every request, because its routers may be defined where Postern does not
/// read them. If more than one router may have handled a request, a challenge is changed only if
/// the result is the same for each of them.
final class ChallengeTable {
  private static final Choice NOTHING_SAID = new Choice(ChallengeResponse.UNCHANGED, "");

  private final Map<String, List<OptionBlock>> byRouter;
  private final List<OptionBlock> everywhere;

  private ChallengeTable(Map<String, List<OptionBlock>> byRouter, List<OptionBlock> everywhere) {
    this.byRouter = Map.copyOf(byRouter);
    this.everywhere = List.copyOf(everywhere);
  }

  /// Finds out which router uses which block.
  ///
  /// @param routers all routers
  /// @param middlewares all middlewares by name
  /// @param ofFiles the middlewares of files, whose blocks may apply to every request
  static ChallengeTable of(
      Collection<Router> routers,
      Map<String, MiddlewareDefinition> middlewares,
      Collection<MiddlewareDefinition> ofFiles) {
    Map<ForwardOptions, OptionBlock> compiled = new HashMap<>();
    Map<String, List<OptionBlock>> byRouter = new HashMap<>();
    Set<String> used = new HashSet<>();
    for (Router router : routers) {
      List<OptionBlock> blocks = new ArrayList<>();
      BlockUse.used(router, name -> Stream.ofNullable(middlewares.get(name)).toList())
          .forEach(middleware -> {
            used.add(middleware.name());
            blocks(middleware, compiled).forEach(blocks::add);
          });
      if (!blocks.isEmpty()) {
        byRouter.put(router.name(), List.copyOf(blocks));
      }
    }
    List<OptionBlock> everywhere =
        ofFiles.stream()
            .filter(middleware -> !used.contains(middleware.name()))
            .flatMap(middleware -> blocks(middleware, compiled))
            .toList();
    return new ChallengeTable(byRouter, everywhere);
  }

  private static Stream<OptionBlock> blocks(
      MiddlewareDefinition middleware, Map<ForwardOptions, OptionBlock> compiled) {
    return middleware.options().stream()
        .filter(options -> options.paths() != null)
        .map(options -> compiled.computeIfAbsent(options, OptionBlock::new));
  }

  /// The same table without blocks that would apply to every request.
  ChallengeTable ofKnownUsers() {
    return everywhere.isEmpty() ? this : new ChallengeTable(byRouter, List.of());
  }

  boolean isEmpty() {
    return byRouter.isEmpty() && everywhere.isEmpty();
  }

  /// Whether the result depends on the router.
  boolean asksRouter() {
    return !byRouter.isEmpty();
  }

  private List<OptionBlock> own(Router router) {
    return byRouter.getOrDefault(router.name(), List.of());
  }

  /// The response to a challenge.
  ///
  /// @param uri path and query of the request
  /// @param candidates the routers that may have handled it
  ChallengeResponse challenge(String uri, List<Router> candidates) {
    List<Choice> choices = choices(uri, candidates);
    return isAgreed(choices) ? choices.getFirst().answer() : ChallengeResponse.UNCHANGED;
  }

  private static boolean isAgreed(List<Choice> choices) {
    return choices.stream().map(Choice::answer).distinct().count() == 1;
  }

  private List<Choice> choices(String uri, List<Router> candidates) {
    return candidates.isEmpty()
        ? List.of(choice(List.of(), uri))
        : candidates.stream().map(router -> choice(own(router), uri)).distinct().toList();
  }

  /// The first block of a router that configures challenges; it would be the first to respond in
  /// Traefik, too.
  private Choice choice(List<OptionBlock> own, String uri) {
    return Stream.concat(own.stream(), everywhere.stream())
        .flatMap(block -> block.choose(uri).stream())
        .findFirst()
        .orElse(NOTHING_SAID);
  }

  /// What the options do with a challenge, in sentences.
  List<String> reasons(String uri, List<Router> candidates) {
    List<String> reasons = new ArrayList<>();
    for (Router router : candidates) {
      own(router)
          .forEach(block ->
              reasons.add(applies(block) + "because router " + router.name() + " uses them."));
    }
    everywhere.forEach(block ->
        reasons.add(applies(block) + "to every request, because no known router uses them."));
    if (reasons.isEmpty()) {
      return reasons;
    }
    List<Choice> choices = choices(uri, candidates);
    if (!isAgreed(choices)) {
      reasons.add(
          "A challenge is relayed unchanged, because the routers that may have got the request"
              + " would answer it differently.");
    } else if (!choices.getFirst().equals(NOTHING_SAID)) {
      reasons.add(sentence(choices.getFirst()));
    }
    return reasons;
  }

  private static String applies(OptionBlock block) {
    return "The paths and statuses of " + block.definition().origin() + " apply, ";
  }

  private static String sentence(Choice choice) {
    return "A challenge is "
        + switch (choice.answer()) {
          case ChallengeResponse.Unchanged() -> "relayed unchanged";
          case ChallengeResponse.Refused(int status) ->
              "answered with " + status + " and without a redirect";
          case ChallengeResponse.Redirected(int status) -> "redirected with " + status;
        }
        + ": "
        + choice.because()
        + ".";
  }
}
