package dev.postern.config.dynamic.tree;

import java.util.ArrayList;
import java.util.List;

/// A node of a YAML document; an alias is replaced by its node.
sealed interface YamlNode {
  /// Where it begins, counted from 1.
  int line();

  /// A scalar.
  ///
  /// @param text its value
  /// @param tag its tag, written or implied: empty where the text decides
  record Scalar(String text, String tag, int line) implements YamlNode {}

  /// A list, filled while it is read.
  record Sequence(List<YamlNode> items, int line) implements YamlNode {
    static Sequence at(int line) {
      return new Sequence(new ArrayList<>(), line);
    }
  }

  /// A mapping, filled while it is read.
  record Mapping(List<Pair> pairs, int line) implements YamlNode {
    static Mapping at(int line) {
      return new Mapping(new ArrayList<>(), line);
    }
  }

  /// A key with its value.
  record Pair(YamlNode key, YamlNode value) {}
}
