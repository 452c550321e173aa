package dev.postern.routing.definition;

import dev.postern.config.Problem;
import dev.postern.config.key.BadValueException;
import dev.postern.config.key.GoDuration;
import dev.postern.config.key.Words;
import dev.postern.routing.definition.ApplicationDefinition.Kind;
import dev.postern.rules.RuleProblem;
import dev.postern.rules.RuleSyntax;
import dev.postern.rules.match.RuleCompiler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads the `applications` of a `plugin: postern:` block, which Traefik passes on as nested maps
/// of text (docs/design/traefik.md section 5.3).
public final class ApplicationSettings {
  private static final Set<String> KEYS =
      Set.of("kind", "rule", "rulesyntax", "cookiedomain", "priority", "ttl", "slug", "share");

  private final Trust trust;
  private final Duration longest;
  private final String origin;
  private final List<ApplicationDefinition> definitions = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();

  /// How much a source is trusted (invariant 11).
  public enum Trust {
    /// The operator's file: may set anything.
    WHOLE,
    /// Container labels, which others may write: may only restrict.
    NARROWING
  }

  /// The result of reading.
  ///
  /// @param definitions the valid applications
  /// @param problems what is wrong with the others
  public record Result(List<ApplicationDefinition> definitions, List<Problem> problems) {
    public Result {
      definitions = List.copyOf(definitions);
      problems = List.copyOf(problems);
    }
  }

  private ApplicationSettings(Trust trust, Duration longest, String origin) {
    this.trust = trust;
    this.longest = longest;
    this.origin = origin;
  }

  /// Reads applications.
  ///
  /// @param applications from name to settings; keys in any case
  /// @param trust how much the source is trusted
  /// @param longest `cache.ttl`; only a trusted source may set a longer lifetime
  /// @param origin where they are defined
  public static Result read(
      Map<String, ?> applications, Trust trust, Duration longest, String origin) {
    var settings = new ApplicationSettings(trust, longest, origin);
    applications.forEach(settings::application);
    return new Result(settings.definitions, settings.problems);
  }

  private void application(String name, @Nullable Object value) {
    int before = problems.size();
    if (!(value instanceof Map<?, ?> map)) {
      problem(name, "must be a section with kind and rule or cookieDomain");
      return;
    }
    Map<String, String> settings = texts(name, map);
    Kind kind = kind(name, settings);
    Claim claim = claim(name, settings, kind);
    long priority = priority(name, settings);
    Duration ttl = ttl(name, settings);
    boolean share = share(name, settings, kind);
    if (problems.size() == before && claim != null) {
      String slug = settings.getOrDefault("slug", "");
      definitions.add(
          new ApplicationDefinition(name, kind, claim, priority, ttl, slug, "", share, origin));
    }
  }

  private Map<String, String> texts(String name, Map<?, ?> map) {
    Map<String, String> texts = new LinkedHashMap<>();
    map.forEach((key, value) -> {
      String lower = Words.lower(String.valueOf(key));
      if (!KEYS.contains(lower)) {
        problem(
            name + "." + key,
            "is not a setting of an application; known: kind, rule, ruleSyntax, cookieDomain,"
                + " priority, ttl, slug and share");
      } else if (value instanceof Map<?, ?> || value instanceof List<?>) {
        problem(name + "." + key, "must be one value");
      } else if (value != null && texts.putIfAbsent(lower, String.valueOf(value)) != null) {
        problem(name + "." + key, "is set twice");
      }
    });
    return texts;
  }

  private Kind kind(String name, Map<String, String> settings) {
    String text = settings.getOrDefault("kind", "");
    return switch (Words.lower(text)) {
      case "individual" -> Kind.INDIVIDUAL;
      case "catchall" -> {
        if (trust == Trust.NARROWING) {
          problem(name + ".kind", "catchAll widens access and is accepted in files only");
        }
        yield Kind.CATCH_ALL;
      }
      case "" -> {
        problem(name + ".kind", "is missing; write individual or catchAll");
        yield Kind.INDIVIDUAL;
      }
      case String _ -> {
        problem(name + ".kind", Words.quote(text) + " is neither individual nor catchAll");
        yield Kind.INDIVIDUAL;
      }
    };
  }

  private @Nullable Claim claim(String name, Map<String, String> settings, Kind kind) {
    String rule = settings.get("rule");
    String domain = settings.get("cookiedomain");
    if ((rule == null) == (domain == null)) {
      problem(
          name,
          rule == null
              ? "has neither rule nor cookieDomain; write rule, or cookieDomain for a catchAll"
              : "has both rule and cookieDomain; remove one of the two");
      return null;
    }
    if (rule != null) {
      return matching(name, rule, settings);
    }
    if (kind == Kind.INDIVIDUAL) {
      problem(
          name + ".cookieDomain",
          "is only for a catchAll; write a rule for an individual application");
    }
    return domain(name, String.valueOf(domain));
  }

  private @Nullable Claim matching(String name, String rule, Map<String, String> settings) {
    RuleSyntax syntax = RuleSyntax.ofConfigured(settings.get("rulesyntax"));
    RuleProblem problem = RuleCompiler.compile(rule, syntax).invalid().orElse(null);
    if (problem != null) {
      problem(
          name + ".rule",
          Words.quote(rule) + " is wrong at column " + problem.column() + ": " + problem.message());
      return null;
    }
    return new Claim.Matching(rule, syntax);
  }

  private @Nullable Claim domain(String name, String text) {
    String domain = text.startsWith(".") ? text.substring(1) : text;
    if (!domain.matches("[a-z0-9_-]+(\\.[a-z0-9_-]+)*")) {
      problem(
          name + ".cookieDomain",
          Words.quote(text) + " is not a domain in lower case without port, such as example.org");
      return null;
    }
    return new Claim.Domain(domain);
  }

  private long priority(String name, Map<String, String> settings) {
    String text = settings.getOrDefault("priority", "0");
    try {
      return Long.parseLong(text.strip());
    } catch (NumberFormatException notANumber) {
      problem(name + ".priority", Words.quote(text) + " is not a whole number");
      return 0;
    }
  }

  private @Nullable Duration ttl(String name, Map<String, String> settings) {
    String text = settings.get("ttl");
    if (text == null) {
      return null;
    }
    try {
      Duration ttl = GoDuration.parse(text.strip());
      if (ttl.isNegative()) {
        problem(name + ".ttl", Words.quote(text) + " is negative; 0 disables caching");
      } else if (trust == Trust.NARROWING && ttl.compareTo(longest) > 0) {
        problem(
            name + ".ttl",
            Words.quote(text)
                + " is longer than cache.ttl ("
                + GoDuration.text(longest)
                + "), which is accepted in files only");
      }
      return ttl;
    } catch (BadValueException e) {
      problem(name + ".ttl", e.sentence());
      return null;
    }
  }

  private boolean share(String name, Map<String, String> settings, Kind kind) {
    String text = settings.getOrDefault("share", "false");
    return switch (text) {
      case "false", "False", "FALSE", "f", "F", "0" -> false;
      case "true", "True", "TRUE", "t", "T", "1" -> {
        if (trust == Trust.NARROWING) {
          problem(name + ".share", "widens access and is accepted in files only");
        } else if (kind == Kind.INDIVIDUAL) {
          problem(
              name + ".share", "is only for a catchAll; an individual application is never shared");
        }
        yield true;
      }
      case String _ -> {
        problem(name + ".share", Words.quote(text) + " is neither true nor false");
        yield false;
      }
    };
  }

  private void problem(String path, String message) {
    problems.add(new Problem(origin + ": applications." + path, message));
  }
}
