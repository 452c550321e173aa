package dev.postern.config.dynamic.schema;

import dev.postern.config.dynamic.schema.Schema.Field;
import dev.postern.config.dynamic.tree.Tree;
import dev.postern.config.dynamic.tree.Tree.Entry;
import dev.postern.config.dynamic.tree.Tree.Items;
import dev.postern.config.dynamic.tree.Tree.Section;
import dev.postern.config.dynamic.tree.Tree.Unusable;
import dev.postern.config.key.Words;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/// Validates a tree as Traefik's decoder does and collects everything that the decoder rejects
/// (docs/design/traefik.md section 5.3).
public final class Checker {
  private static final String ROOT = "Configuration";
  private static final Set<String> TOP = Set.of("http", "tcp", "udp", "tls");

  private final Schema schema = Schema.TRAEFIK;
  private final List<Finding> findings = new ArrayList<>();

  private Checker() {}

  /// Checks a whole file.
  ///
  /// @return the findings, ordered by line; empty when Traefik accepts the file
  public static List<Finding> check(Section root) {
    var checker = new Checker();
    for (Entry entry : root.entries()) {
      if (isTop(entry.key())) {
        checker.decodable(entry.line(), entry.key(), entry.value());
        checker.entry("", entry, ROOT);
      }
    }
    return checker.findings.stream().sorted(Comparator.comparingInt(Finding::line)).toList();
  }

  /// Whether Traefik knows a top-level key; it ignores all others.
  public static boolean isTop(String key) {
    return TOP.contains(Words.lower(key));
  }

  private void entry(String above, Entry entry, String section) {
    String path = above.isEmpty() ? entry.key() : above + "." + entry.key();
    Field field = schema.field(section, entry.key());
    if (field == null) {
      report(entry.line(), path, unknown(entry.key(), section));
    } else if (!(entry.value() instanceof Unusable)) {
      value(entry.line(), path, entry.value(), field.type());
    }
  }

  private String unknown(String key, String section) {
    List<String> known = schema.names(section);
    return "is not a known key; "
        + Words.nearest(key, known)
            .map(name -> "did you mean " + name + "?")
            .orElse(
                known.isEmpty() ? "no keys are known here" : "known: " + String.join(", ", known));
  }

  private void value(int line, String path, Tree value, ValueType type) {
    switch (type) {
      case ValueType.Ignored _ -> {}
      case ValueType.One(var kind) -> one(line, path, value, kind);
      case ValueType.ListOf(var element) -> list(line, path, value, element);
      case ValueType.Named(var element) -> {
        if (isFilled(line, path, value, false)) {
          named(path, value, element);
        }
      }
      case ValueType.Keys(var name, var mayBeEmpty) -> {
        if (isFilled(line, path, value, mayBeEmpty)) {
          keys(line, path, value, name);
        }
      }
      case ValueType.Plugins _ -> {
        if (isFilled(line, path, value, false)) {
          plugin(line, path, value);
        }
      }
    }
  }

  /// A section must not be empty unless the schema allows it; then it may also be a plain value.
  private boolean isFilled(int line, String path, Tree value, boolean mayBeEmpty) {
    boolean hasChildren = hasChildren(value);
    if (!hasChildren && !mayBeEmpty) {
      report(
          line,
          path,
          value instanceof Section
              ? "is empty, which Traefik refuses; remove it or write its keys"
              : "must be a section with keys");
    }
    return hasChildren;
  }

  static boolean hasChildren(Tree value) {
    return switch (value) {
      case Section section -> !section.entries().isEmpty();
      case Items items -> items.items().stream().anyMatch(Section.class::isInstance);
      case Tree.Scalar _, Unusable _ -> false;
    };
  }

  private void keys(int line, String path, Tree value, String name) {
    switch (value) {
      case Section section -> section.entries().forEach(entry -> entry(path, entry, name));
      case Items items when hasChildren(items) ->
          report(line, path, "must be a section with keys, not a list");
      case Items _, Tree.Scalar _, Unusable _ -> {}
    }
  }

  private void named(String path, Tree value, ValueType element) {
    if (!(value instanceof Section section)) {
      return;
    }
    for (Entry entry : section.entries()) {
      String below = path + "." + entry.key();
      switch (entry.value()) {
        case Unusable _ -> {}
        case Tree tree when element instanceof ValueType.Keys(var name, _) ->
            keys(entry.line(), below, tree, name);
        case Tree tree when element instanceof ValueType.One(var kind) ->
            scalar(entry.line(), below, tree.text(), kind);
        case Tree _ -> {}
      }
    }
  }

  private void one(int line, String path, Tree value, ValueType.ScalarKind kind) {
    if (hasChildren(value)) {
      report(line, path, "must be one value, not a section");
    } else {
      scalar(line, path, value.text(), kind);
    }
  }

  private void scalar(int line, String path, String text, ValueType.ScalarKind kind) {
    String wrong = Scalars.wrong(text, kind);
    if (!wrong.isEmpty()) {
      report(line, path, wrong);
    }
  }

  /// Traefik reads a section as a list of the section's values.
  private void list(int line, String path, Tree value, ValueType element) {
    switch (value) {
      case Section section ->
          section
              .entries()
              .forEach(
                  entry -> element(entry.line(), path + "." + entry.key(), entry.value(), element));
      case Items items -> {
        int index = 0;
        for (Tree item : items.items()) {
          element(line, path + "[" + index++ + "]", item, element);
        }
      }
      case Tree.Scalar _, Unusable _ -> {}
    }
  }

  private void element(int line, String path, Tree item, ValueType element) {
    if (element instanceof ValueType.Keys(var name, _)) {
      keys(line, path, item, name);
    } else if (hasChildren(item)) {
      report(line, path, "must be one value, not a section");
    }
  }

  /// The element type of a plugin's list is numeric if it contains any number.
  private void plugin(int line, String path, Tree value) {
    switch (value) {
      case Items items when items.isMixed() ->
          report(line, path, "mixes numbers with true or false; put them in quotes");
      case Items items -> items.items().forEach(item -> plugin(line, path, item));
      case Section section ->
          section
              .entries()
              .forEach(entry -> plugin(entry.line(), path + "." + entry.key(), entry.value()));
      case Tree.Scalar _, Unusable _ -> {}
    }
  }

  /// A value without text cannot be decoded anywhere.
  private void decodable(int line, String path, Tree value) {
    switch (value) {
      case Unusable unusable -> report(line, path, unusable.why());
      case Tree.Scalar _ -> {}
      case Items items -> items.items().forEach(item -> decodable(line, path, item));
      case Section section ->
          section
              .entries()
              .forEach(entry -> decodable(entry.line(), path + "." + entry.key(), entry.value()));
    }
  }

  private void report(int line, String path, String message) {
    findings.add(new Finding(line, path, message));
  }
}
