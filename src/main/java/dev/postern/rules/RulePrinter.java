package dev.postern.rules;

import dev.postern.rules.request.ByteStrings;
import java.util.ArrayList;
import java.util.List;

/// Prints a rule as canonical text, with a work list instead of recursion.
final class RulePrinter {
  private final StringBuilder out = new StringBuilder();
  private final List<Object> pending = new ArrayList<>();

  private RulePrinter() {}

  static String print(Rule rule) {
    RulePrinter printer = new RulePrinter();
    printer.pending.add(rule);
    while (!printer.pending.isEmpty()) {
      Object next = printer.pending.removeLast();
      if (next instanceof Rule part) {
        printer.write(part);
      } else {
        printer.out.append(next);
      }
    }
    return printer.out.toString();
  }

  private void write(Rule rule) {
    switch (rule) {
      case Rule.Matcher matcher -> write(matcher);
      case Rule.Not(Rule term) -> {
        out.append('!');
        push(term, !(term instanceof Rule.Matcher));
      }
      case Rule.And(List<Rule> terms) -> join(terms, " && ", true);
      case Rule.Or(List<Rule> terms) -> join(terms, " || ", false);
    }
  }

  private void join(List<Rule> terms, String operator, boolean tight) {
    for (int i = terms.size() - 1; i >= 0; i--) {
      Rule term = terms.get(i);
      push(term, term instanceof Rule.Or || (tight && term instanceof Rule.And));
      if (i > 0) {
        pending.add(operator);
      }
    }
  }

  private void push(Rule term, boolean grouped) {
    if (grouped) {
      pending.add(")");
      pending.add(term);
      pending.add("(");
    } else {
      pending.add(term);
    }
  }

  private void write(Rule.Matcher matcher) {
    out.append(matcher.name()).append('(');
    String separator = "";
    for (String argument : matcher.arguments()) {
      out.append(separator);
      write(argument);
      separator = ", ";
    }
    out.append(')');
  }

  private void write(String argument) {
    if (isRaw(argument)) {
      out.append('`').append(ByteStrings.toText(argument)).append('`');
      return;
    }
    out.append('"');
    for (int i = 0; i < argument.length(); i++) {
      char c = argument.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c >= ' ' && c < 0x7F) {
        out.append(c);
      } else {
        out.append("\\x")
            .append(Character.forDigit(c >> 4, 16))
            .append(Character.forDigit(c & 15, 16));
      }
    }
    out.append('"');
  }

  /// Whether the argument can be written in back quotes without changing its meaning: they cannot
  /// contain a back quote, and the scanner drops carriage returns and rejects NUL, byte order marks
  /// and invalid UTF-8.
  private static boolean isRaw(String argument) {
    for (int i = 0; i < argument.length(); i++) {
      char c = argument.charAt(i);
      if (c == '`' || c == '\r' || c == 0) {
        return false;
      }
    }
    return ByteStrings.isUtf8(argument) && ByteStrings.toText(argument).indexOf('\uFEFF') < 0;
  }
}
