package dev.postern.rules.regexp;

import java.lang.Character.UnicodeScript;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The Unicode tables of the Go release that Traefik 3.7 is built with (Unicode 15.0), derived from
/// those of the Java runtime (Unicode 16.0 in Java 25). RE2/J has tables of Unicode 6.0, so it
/// never gets named classes or case-insensitive flags.
final class GoUnicode {
  /// Code points that Unicode 15.1 and 16.0 have added; unassigned in Go.
  private static final int[] ADDED_SINCE_15 = {
    0x897, 0x897, 0x1b4e, 0x1b4f, 0x1b7f, 0x1b7f, 0x1c89, 0x1c8a, 0x2427, 0x2429, 0x2ffc, 0x2fff,
    0x31e4, 0x31e5, 0x31ef, 0x31ef, 0xa7cb, 0xa7cd, 0xa7da, 0xa7dc, 0x105c0, 0x105f3, 0x10d40,
    0x10d8f, 0x10ec2, 0x10ec4, 0x10efc, 0x10efc, 0x11380, 0x113e2, 0x116d0, 0x116e3, 0x11bc0,
    0x11bf9, 0x11f5a, 0x11f5a, 0x13460, 0x143fa, 0x16100, 0x16139, 0x16d40, 0x16d79, 0x18cff,
    0x18cff, 0x1cc00, 0x1ceb3, 0x1e5d0, 0x1e5ff, 0x1f8b2, 0x1f8bb, 0x1f8c0, 0x1f8c1, 0x1fa89,
    0x1fa89, 0x1fa8f, 0x1fa8f, 0x1fabe, 0x1fabe, 0x1fac6, 0x1fac6, 0x1fadc, 0x1fadc, 0x1fadf,
    0x1fadf, 0x1fae9, 0x1fae9, 0x1fbcb, 0x1fbef, 0x2ebf0, 0x2ee5d
  };

  /// AHOM CONSONANT SIGN MEDIAL RA was a non-spacing mark before Unicode 15.1.
  private static final int AHOM_MEDIAL_RA = 0x1171E;

  /// The highest code point with another case.
  private static final int LAST_FOLD = 0x1E943;

  private static final Map<String, String> ALIASES = aliases();
  private static final NavigableMap<Integer, int[]> FOLDS = folds();

  private GoUnicode() {}

  /// The classes by canonical name, built in one pass over all code points on first use.
  private static final class Tables {
    static final Map<String, CharRanges> CLASSES = build();

    private static Map<String, CharRanges> build() {
      Map<String, CharRanges> classes = new HashMap<>();
      for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
        String type = type(c);
        add(classes, type, c);
        add(classes, type.substring(0, 1), c);
        if (type.equals("Lu") || type.equals("Ll") || type.equals("Lt")) {
          add(classes, "Lc", c);
        }
        UnicodeScript script = UnicodeScript.of(c);
        if (isNamed(script) && !isAddedSince15(c)) {
          String name = script.name();
          add(classes, name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT), c);
        }
      }
      classes.put("Any", new CharRanges().add(0, Character.MAX_CODE_POINT));
      classes.put("Ascii", new CharRanges().add(0, 0x7F));
      classes.put("Assigned", classes.getOrDefault("Cn", new CharRanges()).negated());
      return Map.copyOf(classes);
    }

    private static void add(Map<String, CharRanges> classes, String name, int c) {
      classes.computeIfAbsent(name, _ -> new CharRanges()).add(c, c);
    }
  }

  /// The class of `\p{name}`, or null if Go does not have it. The result is shared and must not be
  /// modified.
  static @Nullable CharRanges named(String configured) {
    String name = canonical(configured);
    return Tables.CLASSES.get(ALIASES.getOrDefault(name, name));
  }

  /// Go ignores `_`, `-` and spaces in names and compares them with the first letter in upper case
  /// and the rest in lower case.
  private static String canonical(String name) {
    StringBuilder result = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '_' || c == '-' || c == ' ') {
        continue;
      }
      if (result.isEmpty() && c >= 'a' && c <= 'z') {
        c = (char) (c - 32);
      } else if (!result.isEmpty() && c >= 'A' && c <= 'Z') {
        c = (char) (c + 32);
      }
      result.append(c);
    }
    return result.toString();
  }

  /// Go's lookup never finds scripts whose names consist of several words, so `\p{Old_Italic}` is
  /// an error in Go and here.
  private static boolean isNamed(UnicodeScript script) {
    return script != UnicodeScript.UNKNOWN
        && script != UnicodeScript.SIGNWRITING
        && script.name().indexOf('_') < 0;
  }

  /// The two letters of a code point's general category.
  static String type(int c) {
    if (c == AHOM_MEDIAL_RA) {
      return "Mn";
    }
    if (isAddedSince15(c)) {
      return "Cn";
    }
    return switch (Character.getType(c)) {
      case Character.UPPERCASE_LETTER -> "Lu";
      case Character.LOWERCASE_LETTER -> "Ll";
      case Character.TITLECASE_LETTER -> "Lt";
      case Character.MODIFIER_LETTER -> "Lm";
      case Character.OTHER_LETTER -> "Lo";
      case Character.NON_SPACING_MARK -> "Mn";
      case Character.ENCLOSING_MARK -> "Me";
      case Character.COMBINING_SPACING_MARK -> "Mc";
      case Character.DECIMAL_DIGIT_NUMBER -> "Nd";
      case Character.LETTER_NUMBER -> "Nl";
      case Character.OTHER_NUMBER -> "No";
      case Character.SPACE_SEPARATOR -> "Zs";
      case Character.LINE_SEPARATOR -> "Zl";
      case Character.PARAGRAPH_SEPARATOR -> "Zp";
      case Character.CONTROL -> "Cc";
      case Character.FORMAT -> "Cf";
      case Character.PRIVATE_USE -> "Co";
      case Character.SURROGATE -> "Cs";
      case Character.DASH_PUNCTUATION -> "Pd";
      case Character.START_PUNCTUATION -> "Ps";
      case Character.END_PUNCTUATION -> "Pe";
      case Character.CONNECTOR_PUNCTUATION -> "Pc";
      case Character.OTHER_PUNCTUATION -> "Po";
      case Character.MATH_SYMBOL -> "Sm";
      case Character.CURRENCY_SYMBOL -> "Sc";
      case Character.MODIFIER_SYMBOL -> "Sk";
      case Character.OTHER_SYMBOL -> "So";
      case Character.INITIAL_QUOTE_PUNCTUATION -> "Pi";
      case Character.FINAL_QUOTE_PUNCTUATION -> "Pf";
      default -> "Cn";
    };
  }

  private static boolean isAddedSince15(int c) {
    if (c < ADDED_SINCE_15[0]) {
      return false;
    }
    for (int i = 0; i < ADDED_SINCE_15.length; i += 2) {
      if (c <= ADDED_SINCE_15[i + 1]) {
        return c >= ADDED_SINCE_15[i];
      }
    }
    return false;
  }

  /// Adds to `target` the code points that differ only in case from one of the range.
  static void addFolds(int first, int last, CharRanges target) {
    for (int[] members : FOLDS.subMap(first, true, last, true).values()) {
      for (int member : members) {
        target.add(member, member);
      }
    }
  }

  private static NavigableMap<Integer, int[]> folds() {
    Map<Integer, List<Integer>> classes = new HashMap<>();
    for (int c = 'A'; c <= LAST_FOLD; c++) {
      // The dotted and dotless i of Turkish have no case variants in Go.
      if (c != 0x130 && c != 0x131 && !isAddedSince15(c)) {
        classes
            .computeIfAbsent(
                Character.toLowerCase(Character.toUpperCase(c)), _ -> new ArrayList<>())
            .add(c);
      }
    }
    NavigableMap<Integer, int[]> result = new TreeMap<>();
    for (List<Integer> members : classes.values()) {
      if (members.size() > 1) {
        int[] all = members.stream().mapToInt(Integer::intValue).toArray();
        members.forEach(c -> result.put(c, all));
      }
    }
    return Collections.unmodifiableNavigableMap(result);
  }

  private static Map<String, String> aliases() {
    Map<String, String> result = new HashMap<>();
    String all =
        "Casedletter=Lc Closepunctuation=Pe Combiningmark=M"
            + " Connectorpunctuation=Pc Control=Cc Currencysymbol=Sc Dashpunctuation=Pd"
            + " Decimalnumber=Nd Enclosingmark=Me Finalpunctuation=Pf Format=Cf"
            + " Initialpunctuation=Pi Letter=L Letternumber=Nl Lineseparator=Zl Lowercaseletter=Ll"
            + " Mark=M Mathsymbol=Sm Modifierletter=Lm Modifiersymbol=Sk Nonspacingmark=Mn Number=N"
            + " Openpunctuation=Ps Other=C Otherletter=Lo Othernumber=No Otherpunctuation=Po"
            + " Othersymbol=So Paragraphseparator=Zp Privateuse=Co Punctuation=P Separator=Z"
            + " Spaceseparator=Zs Spacingmark=Mc Surrogate=Cs Symbol=S Titlecaseletter=Lt"
            + " Unassigned=Cn Uppercaseletter=Lu Cntrl=Cc Digit=Nd Punct=P";
    for (String entry : all.split(" ", -1)) {
      int equals = entry.indexOf('=');
      result.put(entry.substring(0, equals), entry.substring(equals + 1));
    }
    return Map.copyOf(result);
  }
}
