package dev.postern.rules.parse;

import dev.postern.rules.Rule;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One unfinished construct of the expression being parsed. These are on an explicit list where
/// Go's parser recurses, so deep nesting costs memory, not stack.
sealed interface Frame {

  /// Operands joined by binary operators that bind at least as strongly as `strength`. Go counts
  /// every operand as a level of nesting; `levels` is their number.
  final class Binary implements Frame {
    final int strength;
    int levels;
    @Nullable Token operator;
    private @Nullable Operand left;
    private @Nullable String chained;
    private List<Rule> chain = List.of();

    Binary(int strength) {
      this.strength = strength;
    }

    boolean holdsCondition() {
      return chained != null || left instanceof Operand.Condition;
    }

    /// The operand so far; ends a chain of terms.
    Operand value() {
      close();
      return left == null ? new Operand.Other() : left;
    }

    void first(Operand operand) {
      chained = null;
      left = operand;
    }

    /// Joins a condition; a chain of the same operator becomes one node with many terms.
    void join(String op, Rule term) {
      if (!op.equals(chained)) {
        close();
        chained = op;
        chain = new ArrayList<>();
        if (left instanceof Operand.Condition(Rule rule)) {
          chain.add(rule);
        }
      }
      chain.add(term);
    }

    private void close() {
      if (chained != null) {
        left =
            new Operand.Condition(chained.equals("&&") ? new Rule.And(chain) : new Rule.Or(chain));
        chained = null;
      }
    }
  }

  /// A prefix operator waiting for its operand.
  record Prefix(Token operator) implements Frame {}

  /// An operand and its suffixes: a selector, an index, a call.
  final class Primary implements Frame {
    final int column;
    final boolean clean;
    int levels;

    /// @param clean whether there was no mistake before this operand
    Primary(int column, boolean clean) {
      this.column = column;
      this.clean = clean;
    }
  }

  /// An open parenthesis around an expression.
  record Parenthesis() implements Frame {}

  /// An open bracket after an operand.
  final class Index implements Frame {
    int colons;
  }

  /// The argument list of a call.
  final class Call implements Frame {
    final @Nullable String matcher;
    final int column;
    final List<String> arguments = new ArrayList<>();
    boolean onlyText = true;
    boolean clean;
    int argumentColumn;
    boolean plain;

    /// @param matcher the canonical name, or null when the call is already known to be invalid
    Call(@Nullable String matcher, int column) {
      this.matcher = matcher;
      this.column = column;
    }
  }
}
