package dev.postern.rules;

import java.util.ArrayList;
import java.util.List;

/// A parsed rule. Parentheses are kept only where they affect grouping, and a double negation is
/// removed. Trees may be nested as deeply as Traefik allows (about 100,000 levels), so nothing here
/// recurses: two rules are equal if their printed forms are equal.
public sealed interface Rule {

  /// Prints the rule in one canonical form, which parses to an equal rule. Arguments are in back
  /// quotes where possible.
  default String print() {
    return RulePrinter.print(this);
  }

  /// Returns the rule that matches exactly when this one does not
  default Rule negate() {
    return this instanceof Not(Rule term) ? term : new Not(this);
  }

  /// All matchers in the order of the text, negated ones included.
  default List<Matcher> leaves() {
    List<Matcher> leaves = new ArrayList<>();
    List<Rule> pending = new ArrayList<>(List.of(this));
    while (!pending.isEmpty()) {
      switch (pending.removeLast()) {
        case Matcher matcher -> leaves.add(matcher);
        case Not(Rule term) -> pending.add(term);
        case And(List<Rule> terms) -> pending.addAll(terms.reversed());
        case Or(List<Rule> terms) -> pending.addAll(terms.reversed());
      }
    }
    return leaves;
  }

  /// True when every term is true; terms are evaluated from left to right until one is false.
  ///
  /// @param terms at least two rules
  record And(List<Rule> terms) implements Rule {
    public And {
      terms = atLeastTwo(terms);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof And && print().equals(other.toString());
    }

    @Override
    public int hashCode() {
      return print().hashCode();
    }

    @Override
    public String toString() {
      return print();
    }
  }

  /// True when any term is true; terms are evaluated from left to right until one is true.
  ///
  /// @param terms at least two rules
  record Or(List<Rule> terms) implements Rule {
    public Or {
      terms = atLeastTwo(terms);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Or && print().equals(other.toString());
    }

    @Override
    public int hashCode() {
      return print().hashCode();
    }

    @Override
    public String toString() {
      return print();
    }
  }

  /// True when its term is false.
  ///
  /// @param term any rule that is not itself a negation; create negations with [Rule#negate()]
  record Not(Rule term) implements Rule {
    /// Rejects a double negation, which is not allowed in the canonical form.
    public Not {
      if (term instanceof Not) {
        throw new IllegalArgumentException("a double negation must be replaced by its term");
      }
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Not && print().equals(other.toString());
    }

    @Override
    public int hashCode() {
      return print().hashCode();
    }

    @Override
    public String toString() {
      return print();
    }
  }

  /// One test of the request.
  ///
  /// @param name the canonical spelling, such as `PathPrefix`
  /// @param arguments the values of the string literals as byte strings: each character is one byte
  ///   of the text in UTF-8, or the byte of an escape such as `\xFF`
  /// @param column position of the matcher's name in the text; ignored by `equals`
  record Matcher(String name, List<String> arguments, int column) implements Rule {
    public Matcher {
      arguments = List.copyOf(arguments);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Matcher that
          && name.equals(that.name)
          && arguments.equals(that.arguments);
    }

    @Override
    public int hashCode() {
      return 31 * name.hashCode() + arguments.hashCode();
    }

    @Override
    public String toString() {
      return print();
    }
  }

  private static List<Rule> atLeastTwo(List<Rule> terms) {
    if (terms.size() < 2) {
      throw new IllegalArgumentException("a conjunction or disjunction needs at least two terms");
    }
    return List.copyOf(terms);
  }
}
