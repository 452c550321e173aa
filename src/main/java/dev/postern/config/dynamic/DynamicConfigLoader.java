package dev.postern.config.dynamic;

import dev.postern.config.Problem;
import dev.postern.config.dynamic.schema.Checker;
import dev.postern.config.dynamic.template.Rendered;
import dev.postern.config.dynamic.template.Template;
import dev.postern.config.dynamic.template.TemplateException;
import dev.postern.config.dynamic.tree.Tree.Entry;
import dev.postern.config.dynamic.tree.Tree.Section;
import dev.postern.config.dynamic.tree.TreeReader;
import dev.postern.config.dynamic.tree.UnreadableTextException;
import dev.postern.config.key.Words;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads a rules directory or file as Traefik's file provider does: one bad file rejects the whole
/// load (docs/design/traefik.md section 5).
public final class DynamicConfigLoader {
  private static final List<String> TOP = List.of("http", "tcp", "udp", "tls");

  private final Map<String, String> environment;

  /// The outcome of a load.
  public sealed interface Result {}

  /// Traefik would load it.
  ///
  /// @param warnings what has no effect, such as the second definition of a name
  public record Loaded(DynamicConfig config, List<Problem> warnings) implements Result {
    public Loaded {
      warnings = List.copyOf(warnings);
    }
  }

  /// The files cannot be used.
  ///
  /// @param problems all problems, by file and line
  /// @param byTraefikToo whether Traefik rejects them too; false if only Postern cannot read them,
  ///   for example because of an unsupported template action
  public record Refused(List<Problem> problems, boolean byTraefikToo) implements Result {
    public Refused {
      problems = List.copyOf(problems);
    }
  }

  /// Creates a loader.
  ///
  /// @param environment values for `env` in templates; should be the same as Traefik's environment
  public DynamicConfigLoader(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /// Reads a directory including subdirectories, or one file.
  ///
  /// @return the definitions, or all problems
  public Result load(Path path) {
    return new Load().run(path);
  }

  /// One load, which collects definitions and problems across all files.
  private final class Load {
    private final RulesPath rules = new RulesPath();
    private final Definitions definitions = new Definitions();
    private final List<Problem> problems = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();
    private boolean isRefusedByTraefik;

    Result run(Path path) {
      for (Path file : rules.files(path)) {
        String text = rules.text(file);
        Rendered rendered = text == null ? null : render(file, text);
        if (rendered != null) {
          parse(file, rendered);
        }
      }
      problems.addAll(0, rules.problems());
      if (!problems.isEmpty()) {
        return new Refused(problems, isRefusedByTraefik || rules.isRefusedByTraefik());
      }
      warnings.addAll(definitions.warnings());
      return new Loaded(definitions.config(), warnings);
    }

    private @Nullable Rendered render(Path file, String text) {
      try {
        return Template.render(text, environment);
      } catch (TemplateException e) {
        isRefusedByTraefik |= e.isRefusedByTraefik();
        problems.add(new Problem(place(file, e.line()), e.sentence()));
        return null;
      }
    }

    private void parse(Path file, Rendered rendered) {
      try {
        var format = Objects.requireNonNull(RulesPath.format(file));
        Section root = TreeReader.read(rendered.text(), format);
        var findings = Checker.check(root);
        for (var finding : findings) {
          isRefusedByTraefik = true;
          problems.add(
              new Problem(
                  place(file, line(rendered, finding.line()))
                      + (": " + Words.printable(finding.path())),
                  finding.message()));
        }
        if (findings.isEmpty()) {
          warnMisspelt(file, rendered, root);
          definitions.add(
              root, line -> new DynamicConfig.Origin(shown(file), line(rendered, line)));
        }
      } catch (UnreadableTextException e) {
        isRefusedByTraefik = true;
        for (var flaw : e.flaws()) {
          problems.add(new Problem(place(file, line(rendered, flaw.line())), flaw.message()));
        }
      }
    }

    /// Traefik ignores unknown top-level keys, which are often used for YAML anchors. So only
    /// likely misspellings are reported.
    private void warnMisspelt(Path file, Rendered rendered, Section root) {
      for (Entry entry : root.entries()) {
        Optional<String> meant = Words.nearest(entry.key(), TOP);
        if (!Checker.isTop(entry.key()) && meant.isPresent()) {
          warnings.add(
              new Problem(
                  place(file, line(rendered, entry.line())) + (": " + Words.printable(entry.key())),
                  "is ignored; did you mean " + meant.get() + "?"));
        }
      }
    }
  }

  private static int line(Rendered rendered, int line) {
    return line > 0 ? rendered.sourceLine(line) : 0;
  }

  private static String place(Path file, int line) {
    return line > 0 ? shown(file) + ":" + line : shown(file);
  }

  private static String shown(Path file) {
    return Words.printable(file.toString());
  }
}
