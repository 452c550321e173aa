package dev.postern.config.dynamic.tree;

import java.util.List;

/// A text that is not what its format asks for.
public final class UnreadableTextException extends Exception {
  private static final long serialVersionUID = 1L;

  /// What is wrong with it; not part of its serial form.
  private final transient List<Flaw> flaws;

  /// One thing that is wrong.
  ///
  /// @param line where it stands, counted from 1; 0 when unknown
  /// @param message the sentence
  public record Flaw(int line, String message) {}

  UnreadableTextException(List<Flaw> flaws) {
    super(flaws.getFirst().message());
    this.flaws = List.copyOf(flaws);
  }

  UnreadableTextException(int line, String message) {
    this(List.of(new Flaw(line, message)));
  }

  /// Everything that is wrong with it.
  ///
  /// @return in the order of the text, never empty
  public List<Flaw> flaws() {
    return flaws;
  }
}
