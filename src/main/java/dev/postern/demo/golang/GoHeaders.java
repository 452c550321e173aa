package dev.postern.demo.golang;

import dev.postern.demo.http.Header;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Go's `http.Header`: canonical names, values of one name in their order, written sorted by name.
public final class GoHeaders {
  private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

  private final Map<String, List<String>> values = new TreeMap<>();

  /// Replaces all values of a name.
  ///
  /// @param name the name, any case
  /// @param value the value as a byte string
  public void set(String name, String value) {
    values.put(canonical(name), new ArrayList<>(List.of(value)));
  }

  /// Adds a value to a name.
  ///
  /// @param name the name, any case
  /// @param value the value as a byte string
  public void add(String name, String value) {
    values.computeIfAbsent(canonical(name), key -> new ArrayList<>()).add(value);
  }

  /// Removes a name.
  ///
  /// @param name the name, any case
  public void remove(String name) {
    values.remove(canonical(name));
  }

  /// Whether a name has a value.
  ///
  /// @param name the name, any case
  /// @return true if it has
  public boolean has(String name) {
    return values.containsKey(canonical(name));
  }

  /// The names that are present.
  ///
  /// @return canonical names
  public List<String> names() {
    return List.copyOf(values.keySet());
  }

  /// The lines as Go writes them: sorted, illegal names dropped, line breaks in values as spaces.
  public List<Header> lines() {
    List<Header> lines = new ArrayList<>();
    values.forEach((name, list) -> {
      if (isToken(name)) {
        list.forEach(value -> lines.add(new Header(name, oneLine(value))));
      }
    });
    return lines;
  }

  private static String oneLine(String value) {
    return value.replace('\r', ' ').replace('\n', ' ').strip();
  }

  private static boolean isToken(String name) {
    return !name.isEmpty() && name.chars().allMatch(GoHeaders::isTokenCharacter);
  }

  private static boolean isTokenCharacter(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || TOKEN_MARKS.indexOf(c) >= 0;
  }

  /// The canonical spelling of a name: upper case after each dash, lower case elsewhere.
  ///
  /// @return the canonical name, or the name itself if it is not a legal one
  public static String canonical(String name) {
    if (!isToken(name)) {
      return name;
    }
    StringBuilder out = new StringBuilder(name.length());
    boolean upper = true;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      out.append(upper ? Character.toUpperCase(c) : Character.toLowerCase(c));
      upper = c == '-';
    }
    return out.toString();
  }
}
