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

/// Takes values out of a tree that [Checker] has found nothing wrong with, converted as Traefik
/// converts them.
public final class Values {
  private Values() {}

  /// The entries of a key in whatever case it is written; where it stands in several spellings all
  /// of them, the last one winning.
  ///
  /// @param section where to look
  /// @param key the key in any case
  /// @return the entries in order
  public static List<Entry> entries(Tree section, String key) {
    return section instanceof Section keys
        ? keys.entries().stream().filter(entry -> entry.key().equalsIgnoreCase(key)).toList()
        : List.of();
  }

  /// The entries of all sections of a name, as one list.
  ///
  /// @param section where to look
  /// @param key the key in any case
  /// @return what is in them
  public static List<Entry> inside(Tree section, String key) {
    return entries(section, key).stream()
        .flatMap(entry ->
            entry.value() instanceof Section keys ? keys.entries().stream() : Stream.empty())
        .toList();
  }

  /// A text.
  ///
  /// @param section where to look
  /// @param key the key in any case
  /// @return its value, empty when there is none
  public static String text(Tree section, String key) {
    List<Entry> entries = entries(section, key);
    return entries.isEmpty() ? "" : entries.getLast().value().text();
  }

  /// A list of texts: a list, or one text with commas.
  ///
  /// @param section where to look
  /// @param key the key in any case
  /// @return its elements without white space around them
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

  /// Whether a section that may stand alone is there: with keys, empty, or as `true`.
  ///
  /// @param section where to look
  /// @param key the key in any case
  /// @return whether Traefik takes it as present
  public static boolean isOn(Tree section, String key) {
    return entries(section, key).stream()
        .map(entry -> entry.value().text())
        .anyMatch(text -> text.isEmpty() || text.equalsIgnoreCase("true"));
  }

  /// A free section as nested maps and lists whose values are texts; an empty section is an empty
  /// text.
  ///
  /// @param value the section
  /// @return a map, list or text
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
