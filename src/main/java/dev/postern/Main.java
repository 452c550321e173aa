package dev.postern;

/// Entry point of the program.
public final class Main {
  private Main() {}

  /// Runs the command line and exits with its exit code.
  ///
  /// @param args the command line as the launcher passes it on
  public static void main(String[] args) {}
}
