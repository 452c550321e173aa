package dev.postern.config.dynamic.tree;

import dev.postern.config.dynamic.tree.Tree.Entry;
import dev.postern.config.dynamic.tree.Tree.Items;
import dev.postern.config.dynamic.tree.Tree.Section;
import dev.postern.config.dynamic.tree.Tree.Unusable;
import dev.postern.config.dynamic.tree.UnreadableTextException.Flaw;
import dev.postern.config.dynamic.tree.YamlNode.Mapping;
import dev.postern.config.dynamic.tree.YamlNode.Pair;
import dev.postern.config.dynamic.tree.YamlNode.Scalar;
import dev.postern.config.dynamic.tree.YamlNode.Sequence;
import dev.postern.config.key.Words;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Converts YAML nodes to a tree, with merge keys and aliases resolved as Go's yaml.v3 does
/// (docs/design/traefik.md section 5.3).
final class YamlTree {
  private static final Section EMPTY = new Section(List.of());

  private final IdentityHashMap<YamlNode, @Nullable Converted> done = new IdentityHashMap<>();
  private final List<Flaw> flaws = new ArrayList<>();
  private int pairs;

  /// A tree with its number of nodes; a node counts once for each alias to it.
  ///
  /// @param tree the tree, or null for the value null
  private record Converted(@Nullable Tree tree, long weight) {}

  private YamlTree() {}

  /// The root section of a YAML text; empty when there is none.
  static Section read(String text) throws UnreadableTextException {
    YamlNode root = YamlNodes.read(text);
    if (root == null) {
      return EMPTY;
    }
    var reader = new YamlTree();
    Converted converted = reader.convert(root);
    if (!reader.flaws.isEmpty()) {
      throw new UnreadableTextException(reader.flaws);
    }
    if (converted.weight() > TreeReader.MAX_VALUES) {
      throw new UnreadableTextException(
          root.line(),
          "grows to more than " + TreeReader.MAX_VALUES + " values through its aliases");
    }
    return switch (converted.tree()) {
      case null -> EMPTY;
      case Section section -> section;
      case Tree _ -> throw new UnreadableTextException(root.line(), "must contain keys and values");
    };
  }

  private Converted convert(YamlNode node) throws UnreadableTextException {
    Converted known = done.get(node);
    if (known != null) {
      return known;
    }
    if (done.containsKey(node)) {
      throw new UnreadableTextException(node.line(), "has an anchor that contains itself");
    }
    done.put(node, null);
    Converted converted =
        switch (node) {
          case Scalar scalar -> new Converted(scalar(scalar), 1);
          case Sequence sequence -> items(sequence);
          case Mapping mapping -> section(mapping);
        };
    done.put(node, converted);
    return converted;
  }

  private @Nullable Tree scalar(Scalar scalar) {
    try {
      return YamlScalars.resolve(scalar.text(), scalar.tag());
    } catch (IllegalArgumentException e) {
      flaws.add(new Flaw(scalar.line(), Objects.requireNonNullElse(e.getMessage(), "")));
      return null;
    }
  }

  private Converted items(Sequence sequence) throws UnreadableTextException {
    List<Tree> items = new ArrayList<>();
    long weight = 1;
    for (YamlNode node : sequence.items()) {
      Converted item = convert(node);
      weight += item.weight();
      items.add(
          switch (item.tree()) {
            case null -> new Unusable("has an empty element in its list; remove it");
            case Items _ -> new Unusable("has a list inside its list");
            case Tree tree -> tree;
          });
    }
    return new Converted(new Items(items), weight);
  }

  private Converted section(Mapping mapping) throws UnreadableTextException {
    refuseDuplicates(mapping);
    Map<String, Optional<Entry>> entries = new LinkedHashMap<>();
    long weight = fill(mapping, entries, 0);
    List<Entry> present = entries.values().stream().flatMap(Optional::stream).toList();
    return new Converted(new Section(present), weight);
  }

  /// Keys of the mapping itself, even with null values, override merged ones; earlier merges
  /// override later ones.
  private long fill(Mapping mapping, Map<String, Optional<Entry>> entries, int depth)
      throws UnreadableTextException {
    long weight = 1;
    YamlNode merge = null;
    for (Pair pair : mapping.pairs()) {
      // Only merging can read one pair more than once.
      if (++pairs > TreeReader.MAX_VALUES) {
        throw new UnreadableTextException(pair.key().line(), "merges too much");
      }
      if (isMerge(pair.key())) {
        merge = pair.value();
        continue;
      }
      String key = key(pair.key(), mapping);
      Converted value = convert(pair.value());
      weight += 1 + value.weight();
      if (key != null) {
        Optional<Tree> tree = Optional.ofNullable(value.tree());
        entries.putIfAbsent(key, tree.map(present -> new Entry(key, pair.key().line(), present)));
      }
    }
    return merge == null ? weight : weight + merged(merge, entries, depth);
  }

  private long merged(YamlNode merge, Map<String, Optional<Entry>> entries, int depth)
      throws UnreadableTextException {
    if (depth > 100) {
      throw new UnreadableTextException(merge.line(), "merges more than 100 levels deep");
    }
    List<YamlNode> sources = merge instanceof Sequence list ? list.items() : List.of(merge);
    long weight = 0;
    for (YamlNode source : sources) {
      if (!(source instanceof Mapping mapping)) {
        throw new UnreadableTextException(
            merge.line(), "has << with something that is neither a section nor a list of sections");
      }
      refuseDuplicates(mapping);
      weight += fill(mapping, entries, depth + 1);
      if (weight > TreeReader.MAX_VALUES) {
        throw new UnreadableTextException(merge.line(), "merges too much");
      }
    }
    return weight;
  }

  private static boolean isMerge(YamlNode key) {
    return key instanceof Scalar scalar
        && scalar.text().equals("<<")
        && (scalar.tag().isEmpty() || scalar.tag().equals("!!merge"));
  }

  /// The name that Traefik gives a key; for a key that is not a string it sees only the type.
  private @Nullable String key(YamlNode key, Mapping mapping) throws UnreadableTextException {
    if (!(key instanceof Scalar scalar)) {
      throw new UnreadableTextException(mapping.line(), "has a key that is itself a section");
    }
    return switch (scalar(scalar)) {
      case null -> null;
      case Tree.Scalar one ->
          switch (one.type()) {
            case TEXT -> one.text();
            case BOOL -> "<bool Value>";
            case INT, INT64 -> "<int Value>";
            case UINT64 -> "<uint64 Value>";
            case FLOAT -> "<float64 Value>";
          };
      case Tree _ -> "<time.Time Value>";
    };
  }

  private void refuseDuplicates(Mapping mapping) {
    Map<String, Integer> seen = new HashMap<>();
    for (Pair pair : mapping.pairs()) {
      String text = pair.key() instanceof Scalar scalar ? scalar.text() : "";
      Integer before = seen.putIfAbsent(text, pair.key().line());
      if (before != null) {
        flaws.add(
            new Flaw(
                pair.key().line(),
                Words.quote(text) + " is set twice, first in line " + before + "; keep one"));
      }
    }
  }
}
