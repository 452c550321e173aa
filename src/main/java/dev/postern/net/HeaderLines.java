package dev.postern.net;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An immutable copy of header lines, for what outlives its request.
public final class HeaderLines implements RequestHeaders {
  /// The line, its place in the list, and its name and value, two objects each, with compressed
  /// references.
  private static final int LINE_OVERHEAD_BYTES = 128;

  private final List<HeaderLine> lines;

  private HeaderLines(List<HeaderLine> lines) {
    this.lines = lines;
  }

  /// Makes header lines of a list.
  ///
  /// @param lines the lines in order
  /// @return an immutable copy
  public static HeaderLines of(List<HeaderLine> lines) {
    return new HeaderLines(List.copyOf(lines));
  }

  /// Copies the lines of a request.
  ///
  /// @param headers a request's headers
  /// @return an immutable copy
  public static HeaderLines copyOf(RequestHeaders headers) {
    if (headers instanceof HeaderLines already) {
      return already;
    }
    List<HeaderLine> copy = new ArrayList<>();
    headers.forEach((name, value) -> copy.add(new HeaderLine(name, value)));
    return of(copy);
  }

  /// All lines.
  ///
  /// @return an immutable list
  public List<HeaderLine> lines() {
    return lines;
  }

  @Override
  public int count(String name) {
    int count = 0;
    for (HeaderLine line : lines) {
      if (line.is(name)) {
        count++;
      }
    }
    return count;
  }

  @Override
  public @Nullable String first(String name) {
    for (HeaderLine line : lines) {
      if (line.is(name)) {
        return line.value();
      }
    }
    return null;
  }

  @Override
  public void forEach(HeaderVisitor visitor) {
    for (HeaderLine line : lines) {
      visitor.line(line.name(), line.value());
    }
  }

  /// What the lines hold in memory. A short line costs many times what it takes on the wire, so the
  /// objects around the text are counted, too.
  ///
  /// @return bytes, rounded up
  public long bytes() {
    long sum = 0;
    for (HeaderLine line : lines) {
      sum += LINE_OVERHEAD_BYTES + line.name().length() + line.value().length();
    }
    return sum;
  }
}
