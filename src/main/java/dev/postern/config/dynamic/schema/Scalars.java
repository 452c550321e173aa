package dev.postern.config.dynamic.schema;

import dev.postern.config.dynamic.schema.ValueType.ScalarKind;
import dev.postern.config.key.BadValueException;
import dev.postern.config.key.GoDuration;
import dev.postern.config.key.Words;
import java.util.Set;
import java.util.regex.Pattern;

/// Checks the text of a scalar as Go's `strconv` does.
final class Scalars {
  private static final Set<String> BOOLS =
      Set.of("1", "t", "T", "true", "True", "TRUE", "0", "f", "F", "false", "False", "FALSE");
  private static final Pattern WHOLE = Pattern.compile("[+-]?[0-9]+");

  private Scalars() {}

  /// Checks a text.
  ///
  /// @return what is wrong, or empty
  static String wrong(String text, ScalarKind kind) {
    return switch (kind) {
      case TEXT -> "";
      case BOOL -> BOOLS.contains(text) ? "" : Words.quote(text) + " is not true or false";
      case INT -> isLong(text) ? "" : Words.quote(text) + " is not a whole number of 64 bits";
      case DURATION -> duration(text);
    };
  }

  private static boolean isLong(String text) {
    try {
      Long.parseLong(text);
      return WHOLE.matcher(text).matches();
    } catch (NumberFormatException _) {
      return false;
    }
  }

  private static String duration(String text) {
    try {
      GoDuration.parse(text);
      return "";
    } catch (BadValueException e) {
      return isLong(text) ? "" : e.sentence();
    }
  }
}
