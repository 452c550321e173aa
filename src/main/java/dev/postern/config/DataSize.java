package dev.postern.config;

/// A number of bytes, written `64MiB`, `512KiB`, `1GiB` or as a bare number.
public record DataSize(long bytes) {
  /// The largest binary unit that leaves a whole number: `64MiB`, `1536KiB`, `100`.
  @Override
  public String toString() {
    return switch (Long.numberOfTrailingZeros(bytes) / 10) {
      case 0 -> String.valueOf(bytes);
      case 1 -> (bytes >> 10) + "KiB";
      case 2 -> (bytes >> 20) + "MiB";
      default -> bytes == 0 ? "0" : (bytes >> 30) + "GiB";
    };
  }
}
