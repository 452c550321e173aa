package dev.postern.routing.source.file;

import dev.postern.config.Problem;
import dev.postern.config.ProvidersConfig.DefaultRuleSyntax;
import dev.postern.config.dynamic.DynamicConfig;
import dev.postern.config.dynamic.DynamicConfig.MiddlewareEntry;
import dev.postern.config.dynamic.DynamicConfig.RouterEntry;
import dev.postern.config.key.Words;
import dev.postern.routing.definition.ApplicationDefinition;
import dev.postern.routing.definition.ApplicationSettings;
import dev.postern.routing.definition.ApplicationSettings.Trust;
import dev.postern.routing.definition.MiddlewareDefinition;
import dev.postern.routing.definition.RouterDefinition;
import dev.postern.routing.definition.Snapshot;
import dev.postern.routing.pluginoptions.ForwardOptions;
import dev.postern.routing.pluginoptions.ForwardOptionsReader;
import dev.postern.routing.pluginoptions.ForwardOptionsReader.Known;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Converts the content of rules files to the input of a route table.
public final class FileSnapshot {
  private static final String PROVIDER = "@file";
  private static final String PLUGIN = "postern";
  private static final String APPLICATIONS = "applications";

  private final DynamicConfig config;
  private final DefaultRuleSyntax defaultRuleSyntax;
  private final Known known;
  private final Set<String> middlewares = new HashSet<>();
  private final Set<String> services = new HashSet<>();
  private final Set<String> parents = new HashSet<>();
  private final List<Problem> problems = new ArrayList<>();
  private final List<Problem> warnings = new ArrayList<>();

  /// The result.
  ///
  /// @param problems problems with applications and options; any of them rejects the whole load
  /// @param warnings options that have no effect here, or another effect than with the plugin
  public record Made(Snapshot snapshot, List<Problem> problems, List<Problem> warnings) {}

  private FileSnapshot(DynamicConfig config, DefaultRuleSyntax defaultRuleSyntax, Known known) {
    this.config = config;
    this.defaultRuleSyntax = defaultRuleSyntax;
    this.known = known;
    config.middlewares().forEach(middleware -> middlewares.add(qualified(middleware.name())));
    config.services().forEach(service -> services.add(qualified(service.name())));
    config
        .routers()
        .forEach(router ->
            router.parentRefs().forEach(ref -> parents.add(reference(router.name(), ref))));
  }

  /// Converts the content of rules files.
  ///
  /// @param defaultRuleSyntax the syntax of rules that do not specify one
  /// @param known the relevant part of the static configuration
  public static Made of(DynamicConfig config, DefaultRuleSyntax defaultRuleSyntax, Known known) {
    return new FileSnapshot(config, defaultRuleSyntax, known).make();
  }

  private Made make() {
    List<RouterDefinition> routers = config.routers().stream().map(this::router).toList();
    List<MiddlewareDefinition> definitions =
        config.middlewares().stream()
            .filter(middleware -> middleware.kinds().size() == 1)
            .map(this::middleware)
            .toList();
    return new Made(new Snapshot(routers, definitions, applications()), problems, warnings);
  }

  /// The provider is always appended to an element's own name, even if it contains an `@`.
  private static String qualified(String name) {
    return name + PROVIDER;
  }

  /// A reference without a provider is to the provider of the element that contains it
  /// (docs/design/traefik.md section 5.5); the provider is the part after the first `@`.
  private static String reference(String owner, String name) {
    return name.indexOf('@') < 0 ? name + "@" + qualified(owner).split("@", -1)[1] : name;
  }

  private static List<String> references(String owner, List<String> names) {
    return names.stream().map(name -> reference(owner, name)).toList();
  }

  private RouterDefinition router(RouterEntry entry) {
    return new RouterDefinition(
        qualified(entry.name()),
        entry.rule(),
        ruleSyntax(entry),
        entry.priority(),
        entry.entryPoints(),
        references(entry.name(), entry.middlewares()),
        entry.service(),
        entry.tls(),
        refused(entry),
        entry.origin().toString());
  }

  /// The default applies only to root routers with a rule (docs/design/traefik.md section 2.2).
  private String ruleSyntax(RouterEntry entry) {
    boolean takesDefault =
        entry.ruleSyntax().isEmpty() && !entry.rule().isEmpty() && entry.parentRefs().isEmpty();
    return takesDefault && defaultRuleSyntax == DefaultRuleSyntax.V2 ? "v2" : entry.ruleSyntax();
  }

  private String refused(RouterEntry entry) {
    if (!entry.parentRefs().isEmpty()) {
      return "it has a parent router (parentRefs), and Postern uses only the parent";
    }
    for (String middleware : entry.middlewares()) {
      String name = reference(entry.name(), middleware);
      if (name.endsWith(PROVIDER) && !middlewares.contains(name)) {
        return "its middleware " + Words.quote(name) + " does not exist";
      }
    }
    if (entry.service().isEmpty()) {
      return parents.contains(qualified(entry.name())) ? "" : "it has no service";
    }
    String service = reference(entry.name(), entry.service());
    return service.endsWith(PROVIDER) && !services.contains(service)
        ? "its service " + Words.quote(service) + " does not exist"
        : "";
  }

  private MiddlewareDefinition middleware(MiddlewareEntry entry) {
    String kind = Words.lower(entry.kinds().getFirst());
    boolean isPlugin = kind.equals("plugin") && entry.plugins().size() == 1;
    return new MiddlewareDefinition(
        qualified(entry.name()),
        isPlugin ? entry.plugins().keySet().iterator().next() : kind,
        references(entry.name(), entry.chain()),
        options(entry));
  }

  private List<ForwardOptions> options(MiddlewareEntry entry) {
    List<ForwardOptions> options = new ArrayList<>();
    Object published = entry.plugins().get(ForwardOptionsReader.PLUGIN);
    if (published != null) {
      String place = place(entry, ForwardOptionsReader.PLUGIN);
      options.add(reported(ForwardOptionsReader.readPlugin(published, known, place)));
    }
    if (entry.plugins().get(PLUGIN) instanceof Map<?, ?> own) {
      ForwardOptionsReader.readOwn(own, known, place(entry, PLUGIN))
          .ifPresent(result -> options.add(reported(result)));
    }
    return options;
  }

  private ForwardOptions reported(ForwardOptionsReader.Result result) {
    problems.addAll(result.problems());
    warnings.addAll(result.warnings());
    return result.options();
  }

  private static String place(MiddlewareEntry entry, String plugin) {
    return entry.origin()
        + ": http.middlewares."
        + Words.printable(entry.name())
        + ".plugin."
        + plugin;
  }

  private List<ApplicationDefinition> applications() {
    List<ApplicationDefinition> applications = new ArrayList<>();
    for (MiddlewareEntry middleware : config.middlewares()) {
      Object settings = middleware.plugins().get(PLUGIN);
      if (settings != null) {
        applications.addAll(applications(settings, place(middleware, PLUGIN)));
      }
    }
    refuseRepeated(applications);
    return applications;
  }

  private List<ApplicationDefinition> applications(Object settings, String origin) {
    Map<String, Object> byName = new LinkedHashMap<>();
    if (settings instanceof Map<?, ?> map) {
      for (var setting : map.entrySet()) {
        String key = String.valueOf(setting.getKey());
        if (ForwardOptionsReader.isOption(key)) {
          continue;
        }
        if (!key.equalsIgnoreCase(APPLICATIONS)) {
          problems.add(
              new Problem(
                  origin + "." + Words.printable(key),
                  "is not a known setting; known: "
                      + APPLICATIONS
                      + ", "
                      + ForwardOptionsReader.NAMES));
        } else if (setting.getValue() instanceof Map<?, ?> applications) {
          applications.forEach((name, value) -> byName.put(String.valueOf(name), value));
        } else {
          problems.add(new Problem(origin + "." + key, "must be a section of applications"));
        }
      }
    } else {
      problems.add(new Problem(origin, "must be a section with " + APPLICATIONS));
    }
    var result = ApplicationSettings.read(byName, Trust.WHOLE, known.ttl(), origin);
    problems.addAll(result.problems());
    return result.definitions();
  }

  private void refuseRepeated(List<ApplicationDefinition> applications) {
    Map<String, String> seen = new HashMap<>();
    for (ApplicationDefinition application : applications) {
      String before = seen.putIfAbsent(application.name(), application.origin());
      if (before != null) {
        problems.add(
            new Problem(
                application.origin() + ": applications." + Words.printable(application.name()),
                "is already defined at " + before + "; keep one of the two"));
      }
    }
  }
}
