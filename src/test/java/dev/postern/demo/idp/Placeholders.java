package dev.postern.demo.idp;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Maps the placeholders of the recording to the values of this run.
///
/// Each name has one value, and each value one name.
final class Placeholders {
  private static final Pattern NAMED =
      Pattern.compile("<((?:cookie|token|state|code)-\\d+(?:-of-session-\\d+)?)>");
  private static final Pattern ENCODED = Pattern.compile("<base64 of ((?:[^<>]|<token>)+)>");
  private static final Pattern PLAIN_ID = Pattern.compile("(?<==)[A-Z2-7]{52}");

  private final Map<String, String> values = new LinkedHashMap<>();

  void bind(String name, String value) {
    values.put(name, value);
  }

  Optional<String> value(String name) {
    return Optional.ofNullable(values.get(name));
  }

  boolean knowsSession(String session) {
    return values.keySet().stream().anyMatch(name -> name.endsWith("-of-" + session));
  }

  /// The request line of this run.
  String fill(String line) {
    String filled = ENCODED.matcher(line).replaceAll(m -> encode(m.group(1)));
    filled = NAMED.matcher(filled).replaceAll(m -> Matcher.quoteReplacement(known(m.group(1))));
    return PLAIN_ID.matcher(filled).replaceAll(m -> values.getOrDefault(m.group(), m.group()));
  }

  private String known(String name) {
    String cookie = "cookie-\\d+";
    for (Map.Entry<String, String> entry : values.entrySet()) {
      boolean alias = name.matches(cookie) && entry.getKey().startsWith(name + "-of-");
      if (alias || entry.getKey().equals(name)) {
        return entry.getValue();
      }
    }
    throw new AssertionError("Nothing is known of " + name);
  }

  private String encode(String pair) {
    String text = pair.replace("<token>", values.getOrDefault("token-8", ""));
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /// Compares a recorded header value with the received one, and stores values of new names.
  boolean matches(String recorded, String received) {
    String expected = ENCODED.matcher(recorded).replaceAll(m -> encode(m.group(1)));
    Matcher names =
        Pattern.compile("<([a-z]+(?:-[a-z0-9]+)*)>|" + PLAIN_ID.pattern()).matcher(expected);
    StringBuilder regex = new StringBuilder();
    Map<Integer, String> groups = new LinkedHashMap<>();
    int last = 0;
    while (names.find()) {
      regex.append(Pattern.quote(expected.substring(last, names.start()))).append("([^;&]+)");
      groups.put(groups.size() + 1, names.group(1) == null ? names.group() : names.group(1));
      last = names.end();
    }
    regex.append(Pattern.quote(expected.substring(last)));
    Matcher actual = Pattern.compile(regex.toString(), Pattern.DOTALL).matcher(received);
    return actual.matches()
        && groups.entrySet().stream()
            .allMatch(group -> learn(group.getValue(), actual.group(group.getKey())));
  }

  private boolean learn(String name, String value) {
    if (name.equals("date")) {
      return value.matches("[A-Z][a-z]{2}, \\d\\d [A-Z][a-z]{2} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT");
    }
    String before = values.get(name);
    if (before == null && values.containsValue(value)) {
      return false;
    }
    values.put(name, value);
    return before == null || before.equals(value);
  }
}
