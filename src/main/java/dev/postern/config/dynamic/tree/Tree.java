package dev.postern.config.dynamic.tree;

import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// What stands in a rules file, null values left out.
public sealed interface Tree {

  /// The text of a value that a section of the file is given where it wants one.
  ///
  /// @return the text of a scalar, Traefik's internal form of a list, else empty
  String text();

  /// One value.
  ///
  /// @param text how Traefik writes it: `1.0` is `1`, `0x10` is `16`
  /// @param type its type
  record Scalar(String text, ScalarType type) implements Tree {}

  /// A list.
  ///
  /// @param items what is in it
  record Items(List<Tree> items) implements Tree {
    /// What Traefik puts between the elements of a list while it decodes it.
    public static final String SEPARATOR = "\u2551";

    /// Copies the list.
    public Items {
      items = List.copyOf(items);
    }

    /// Whether it has numbers and truth values, but no text and no section.
    ///
    /// @return whether Traefik could not give its elements one type
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

  /// Keys with their values, in the byte order of the keys.
  ///
  /// @param entries each key in its spelling
  record Section(List<Entry> entries) implements Tree {
    /// Copies and sorts.
    public Section {
      // Strings of Go are bytes, whose order is that of code points.
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

  /// Something that Traefik cannot decode.
  ///
  /// @param why what it is, as it follows the name of the key
  record Unusable(String why) implements Tree {
    @Override
    public String text() {
      return "";
    }
  }

  /// One key with its value.
  ///
  /// @param key the key
  /// @param line where it stands, counted from 1; 0 when unknown
  /// @param value the value
  record Entry(String key, int line, Tree value) {}

  /// The types of values that Traefik tells apart.
  enum ScalarType {
    /// a truth value
    BOOL(1),
    /// a whole number
    INT(2),
    /// a whole number of TOML
    INT64(6),
    /// a whole number above the signed ones
    UINT64(11),
    /// a number with a point
    FLOAT(14),
    /// a text
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
