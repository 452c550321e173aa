package dev.postern.config.dynamic.tree;

import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// The content of a rules file, without null values.
public sealed interface Tree {

  /// The text that Traefik decodes where a text is expected: of a scalar its text, of a list
  /// Traefik's internal form, otherwise empty.
  String text();

  /// One value.
  ///
  /// @param text as Traefik formats it: `1.0` is `1`, `0x10` is `16`
  /// @param type its type
  record Scalar(String text, ScalarType type) implements Tree {}

  /// A list.
  record Items(List<Tree> items) implements Tree {
    /// The separator that Traefik puts between list elements while decoding.
    public static final String SEPARATOR = "\u2551";

    public Items {
      items = List.copyOf(items);
    }

    /// Whether it mixes numbers and booleans and contains nothing else, so that Traefik cannot give
    /// the elements one type.
    public boolean isMixed() {
      Set<ScalarType> types = EnumSet.noneOf(ScalarType.class);
      for (Tree item : items) {
        if (!(item instanceof Scalar scalar)) {
          return false;
        }
        types.add(scalar.type());
      }
      return types.contains(ScalarType.BOOL)
          && types.size() > 1
          && !types.contains(ScalarType.TEXT);
    }

    @Override
    public String text() {
      List<Scalar> scalars =
          items.stream().filter(Scalar.class::isInstance).map(Scalar.class::cast).toList();
      List<String> texts = scalars.stream().map(Scalar::text).toList();
      int kind = scalars.stream().mapToInt(one -> one.type().kind()).max().orElse(0);
      return texts.isEmpty() ? "" : SEPARATOR + kind + SEPARATOR + String.join(SEPARATOR, texts);
    }
  }

  /// Keys with their values, sorted by the bytes of the keys.
  record Section(List<Entry> entries) implements Tree {
    /// Copies and sorts.
    public Section {
      // Go strings are bytes; their order is the order of code points.
      Comparator<Entry> order = Comparator.comparing(Entry::key, Section::compareCodePoints);
      entries = entries.stream().sorted(order).toList();
    }

    private static int compareCodePoints(String a, String b) {
      return Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray());
    }

    @Override
    public String text() {
      return "";
    }
  }

  /// A value that Traefik cannot decode.
  ///
  /// @param why completes the sentence "key …"
  record Unusable(String why) implements Tree {
    @Override
    public String text() {
      return "";
    }
  }

  /// One key with its value.
  ///
  /// @param line line number, from 1; 0 when unknown
  record Entry(String key, int line, Tree value) {}

  /// Scalar types that Traefik distinguishes.
  enum ScalarType {
    /// a boolean
    BOOL(1),
    /// a whole number
    INT(2),
    /// a TOML integer
    INT64(6),
    /// an integer above the signed range
    UINT64(11),
    /// a floating-point number
    FLOAT(14),
    /// a string
    TEXT(24);

    private final int kind;

    ScalarType(int kind) {
      this.kind = kind;
    }

    int kind() {
      return kind;
    }
  }
}
