package dev.postern.server.edge;

import dev.postern.net.HeaderVisitor;
import dev.postern.net.RequestHeaders;
import io.netty.util.AsciiString;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Header lines of an HTTP/2 stream as decoded by HPACK. A value is converted to text at the first
/// access.
final class StreamLines implements RequestHeaders {
  private AsciiString[] names = new AsciiString[24];
  private AsciiString[] values = new AsciiString[24];
  private int count;

  void add(AsciiString name, AsciiString value) {
    if (count == names.length) {
      names = Arrays.copyOf(names, 2 * count);
      values = Arrays.copyOf(values, 2 * count);
    }
    names[count] = name;
    values[count++] = value;
  }

  int size() {
    return count;
  }

  /// Inserts a line before all others.
  void addFirst(AsciiString name, AsciiString value) {
    add(name, value);
    System.arraycopy(names, 0, names, 1, count - 1);
    System.arraycopy(values, 0, values, 1, count - 1);
    names[0] = name;
    values[0] = value;
  }

  void removeAll(String name) {
    int kept = 0;
    for (int line = 0; line < count; line++) {
      if (!isNamed(line, name)) {
        names[kept] = names[line];
        values[kept++] = values[line];
      }
    }
    count = kept;
  }

  /// Joins the lines of a name into its first.
  void join(String name, String separator) {
    StringBuilder joined = new StringBuilder();
    int first = -1;
    int kept = 0;
    for (int line = 0; line < count; line++) {
      if (!isNamed(line, name)) {
        names[kept] = names[line];
        values[kept++] = values[line];
      } else if (first < 0) {
        first = kept;
        joined.append(values[line]);
        names[kept] = names[line];
        kept++;
      } else {
        joined.append(separator).append(values[line]);
      }
    }
    values[first] = new AsciiString(joined);
    count = kept;
  }

  private boolean isNamed(int line, String name) {
    AsciiString mine = names[line];
    int from = mine.arrayOffset();
    return Octets.isSame(name, mine.array(), from, from + mine.length());
  }

  @Override
  public int count(String name) {
    int found = 0;
    for (int line = 0; line < count; line++) {
      if (isNamed(line, name)) {
        found++;
      }
    }
    return found;
  }

  @Override
  public @Nullable String first(String name) {
    for (int line = 0; line < count; line++) {
      if (isNamed(line, name)) {
        return values[line].toString();
      }
    }
    return null;
  }

  @Override
  public void forEach(HeaderVisitor visitor) {
    for (int line = 0; line < count; line++) {
      visitor.line(names[line].toString(), values[line].toString());
    }
  }
}
