package dev.postern.rules;

import java.util.ArrayList;
import java.util.List;

/// A parsed rule. Parentheses of the text survive only where they group; a double negation is none.
/// Trees may be nested as deeply as Traefik allows (about 100,000 levels), so nothing here
/// recurses: two rules are equal when they print alike.
public sealed interface Rule {

  /// Prints the rule in one canonical form, which parses to an equal rule.
  ///
  /// @return the text, with back-quoted arguments wherever they can be back-quoted
  default String print() {
    return RulePrinter.print(this);
  }

  /// Returns the rule that matches exactly when this one does not
  default Rule negate() {
    return this instanceof Not(Rule term) ? term : new Not(this);
  }

  /// All matchers in the order of the text, whether negated or not.
  ///
  /// @return the leaves of the tree from left to right
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

  /// True when every term is true; terms are asked from left to right until one is false.
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

  /// True when any term is true; terms are asked from left to right until one is true.
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
  /// @param term any rule that is not itself a negation; use [Rule#negate()] to build
  record Not(Rule term) implements Rule {
    /// Refuses a double negation, which the canonical form does not know.
    public Not {
      if (term instanceof Not) {
        throw new IllegalArgumentException("a negation of a negation is its term");
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
  /// @param arguments the values of the string literals as byte strings: each character holds one
  ///   byte of the text in UTF-8, or the byte that an escape such as `\xFF` names
  /// @param column where the matcher's name stands in the text; no part of equality
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
      throw new IllegalArgumentException("a conjunction or disjunction has at least two terms");
    }
    return List.copyOf(terms);
  }
}
