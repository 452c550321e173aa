package dev.postern.net;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Immutable header lines, which can outlive their request.
public final class HeaderLines implements RequestHeaders {
  /// The line, its slot in the list, and its name and value (two objects each), with compressed
  /// references.
  private static final int LINE_OVERHEAD_BYTES = 128;

  private final List<HeaderLine> lines;

  private HeaderLines(List<HeaderLine> lines) {
    this.lines = lines;
  }

  /// Makes header lines from a list, in order.
  public static HeaderLines of(List<HeaderLine> lines) {
    return new HeaderLines(List.copyOf(lines));
  }

  /// Copies the lines of a request.
  public static HeaderLines copyOf(RequestHeaders headers) {
    if (headers instanceof HeaderLines already) {
      return already;
    }
    List<HeaderLine> copy = new ArrayList<>();
    headers.forEach((name, value) -> copy.add(new HeaderLine(name, value)));
    return of(copy);
  }

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

  /// Memory of the lines, counting the objects around the text as well: a short line takes many
  /// times its size on the wire.
  ///
  /// @return bytes, at least what is really used
  public long bytes() {
    long sum = 0;
    for (HeaderLine line : lines) {
      sum += LINE_OVERHEAD_BYTES + line.name().length() + line.value().length();
    }
    return sum;
  }
}
