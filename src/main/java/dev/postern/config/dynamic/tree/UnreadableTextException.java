package dev.postern.config.dynamic.tree;

import java.util.List;

/// A text that is not well-formed.
public final class UnreadableTextException extends Exception {
  private static final long serialVersionUID = 1L;

  /// Not serialised.
  private final transient List<Flaw> flaws;

  /// One error.
  ///
  /// @param line line number, from 1; 0 when unknown
  public record Flaw(int line, String message) {}

  UnreadableTextException(List<Flaw> flaws) {
    super(flaws.getFirst().message());
    this.flaws = List.copyOf(flaws);
  }

  UnreadableTextException(int line, String message) {
    this(List.of(new Flaw(line, message)));
  }

  /// All errors, in the order of the text; never empty.
  public List<Flaw> flaws() {
    return flaws;
  }
}
