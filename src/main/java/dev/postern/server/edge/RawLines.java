package dev.postern.server.edge;

import dev.postern.net.HeaderVisitor;
import dev.postern.net.RequestHeaders;
import java.util.Arrays;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// Header lines as positions in the received bytes. A name or value is converted to text at the
/// first access.
final class RawLines implements RequestHeaders {
  private static final int POSITIONS = 4;

  private final byte[] bytes;
  private int[] positions = new int[POSITIONS * 24];
  private int count;
  private @Nullable String @Nullable [] values;

  RawLines(byte[] bytes) {
    this.bytes = bytes;
  }

  void add(int nameStart, int nameEnd, int valueStart, int valueEnd) {
    int at = POSITIONS * count++;
    if (at == positions.length) {
      positions = Arrays.copyOf(positions, 2 * at);
    }
    positions[at] = nameStart;
    positions[at + 1] = nameEnd;
    positions[at + 2] = valueStart;
    positions[at + 3] = valueEnd;
  }

  /// The number of lines.
  int size() {
    return count;
  }

  boolean isNamed(int line, String name) {
    int at = POSITIONS * line;
    return Octets.isSame(name, bytes, positions[at], positions[at + 1]);
  }

  String name(int line) {
    int at = POSITIONS * line;
    return Octets.text(bytes, positions[at], positions[at + 1]);
  }

  String value(int line) {
    @Nullable String[] known = values;
    if (known == null) {
      known = new String[count];
      values = known;
    }
    String value = known[line];
    if (value == null) {
      int at = POSITIONS * line;
      value = Octets.text(bytes, positions[at + 2], positions[at + 3]);
      known[line] = value;
    }
    return value;
  }

  /// Removes lines; must be called before values are read.
  void removeIf(IntPredicate removed) {
    int kept = 0;
    for (int line = 0; line < count; line++) {
      if (!removed.test(line)) {
        System.arraycopy(positions, POSITIONS * line, positions, POSITIONS * kept++, POSITIONS);
      }
    }
    count = kept;
    values = null;
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
        return value(line);
      }
    }
    return null;
  }

  @Override
  public void forEach(HeaderVisitor visitor) {
    for (int line = 0; line < count; line++) {
      visitor.line(name(line), value(line));
    }
  }
}
