package dev.postern.rules.request;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The parameters of a raw query as Go parses them: pairs separated by `&`, `+` for a space,
/// percent-decoded; pairs with an invalid escape or a `;` are skipped.
public final class QueryParameters {
  /// Above this number of pairs Go's `URL.Query` returns no parameters at all.
  private static final int GO_LIMIT = 10_000;

  private final List<Map.Entry<String, String>> pairs = new ArrayList<>();
  private final Map<String, List<String>> values = new HashMap<>();

  private QueryParameters() {}

  /// Parses a query.
  ///
  /// @param raw the query without its question mark, as a byte string
  public static QueryParameters parse(String raw) {
    QueryParameters result = new QueryParameters();
    int count = 0;
    for (int start = 0; start <= raw.length(); count++) {
      int ampersand = raw.indexOf('&', start);
      int end = ampersand < 0 ? raw.length() : ampersand;
      result.add(raw, start, end);
      start = end + 1;
    }
    if (count > GO_LIMIT) {
      result.values.clear();
    }
    return result;
  }

  private void add(String raw, int start, int end) {
    String pair = raw.substring(start, end);
    if (pair.isEmpty() || pair.indexOf(';') >= 0) {
      return;
    }
    int equals = pair.indexOf('=');
    String key = unescape(equals < 0 ? pair : pair.substring(0, equals));
    String value = equals < 0 ? "" : unescape(pair.substring(equals + 1));
    if (key != null && value != null) {
      pairs.add(Map.entry(key, value));
      values.computeIfAbsent(key, _ -> new ArrayList<>()).add(value);
    }
  }

  /// Returns the values of a parameter in order; empty if it is absent.
  ///
  /// @param key the decoded name
  public List<String> values(String key) {
    return values.getOrDefault(key, List.of());
  }

  /// The first value of a parameter for the v2 matcher, which has no limit of pairs; empty if the
  /// parameter is absent.
  ///
  /// @param key the decoded name
  public Optional<String> first(String key) {
    for (Map.Entry<String, String> pair : pairs) {
      if (pair.getKey().equals(key)) {
        return Optional.of(pair.getValue());
      }
    }
    return Optional.empty();
  }

  private static @Nullable String unescape(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        int value = i + 2 < text.length() ? RequestPath.hex(text, i + 1) : -1;
        if (value < 0) {
          return null;
        }
        out.append((char) value);
        i += 2;
      } else {
        out.append(c == '+' ? ' ' : c);
      }
    }
    return out.toString();
  }
}
