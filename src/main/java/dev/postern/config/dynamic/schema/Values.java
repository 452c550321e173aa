package dev.postern.config.dynamic.schema;

import dev.postern.config.dynamic.tree.Tree;
import dev.postern.config.dynamic.tree.Tree.Entry;
import dev.postern.config.dynamic.tree.Tree.Items;
import dev.postern.config.dynamic.tree.Tree.Section;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Reads values from a tree without findings by [Checker], converted as Traefik converts them.
public final class Values {
  private Values() {}

  /// The entries whose key matches in any case. If there are several spellings, the last one wins
  /// in Traefik.
  ///
  /// @return all matching entries in order
  public static List<Entry> entries(Tree section, String key) {
    return section instanceof Section keys
        ? keys.entries().stream().filter(entry -> entry.key().equalsIgnoreCase(key)).toList()
        : List.of();
  }

  /// The entries of all sections with this name, as one list.
  public static List<Entry> inside(Tree section, String key) {
    return entries(section, key).stream()
        .flatMap(entry ->
            entry.value() instanceof Section keys ? keys.entries().stream() : Stream.empty())
        .toList();
  }

  /// A key's text, or empty when it is absent.
  public static String text(Tree section, String key) {
    List<Entry> entries = entries(section, key);
    return entries.isEmpty() ? "" : entries.getLast().value().text();
  }

  /// A list of texts, written as a list or as one text with commas.
  ///
  /// @return the elements, trimmed
  public static List<String> texts(Tree section, String key) {
    List<String> texts = List.of();
    for (Entry entry : entries(section, key)) {
      String text = entry.value().text();
      if (!text.isEmpty()) {
        List<String> parts = List.of(text.split(Items.SEPARATOR, -1));
        texts = parts.size() < 2 ? List.of(text.split(",", -1)) : parts.subList(2, parts.size());
      }
    }
    return texts.stream().map(String::strip).toList();
  }

  /// Whether a section that may be empty is enabled: it has keys, is empty, or is `true`.
  public static boolean isOn(Tree section, String key) {
    return entries(section, key).stream()
        .map(entry -> entry.value().text())
        .anyMatch(text -> text.isEmpty() || text.equalsIgnoreCase("true"));
  }

  /// A section with arbitrary content as nested maps and lists of text; an empty section becomes an
  /// empty text.
  public static Object free(Tree value) {
    return switch (value) {
      case Tree.Scalar scalar -> scalar.text();
      case Tree.Unusable _ -> "";
      case Items items -> items.items().stream().map(Values::free).toList();
      case Section section -> {
        if (section.entries().isEmpty()) {
          yield "";
        }
        Map<String, Object> map = new LinkedHashMap<>();
        section.entries().forEach(entry -> map.put(entry.key(), free(entry.value())));
        yield Collections.unmodifiableMap(map);
      }
    };
  }
}
