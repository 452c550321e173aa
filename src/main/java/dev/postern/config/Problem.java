package dev.postern.config;

/// One mistake in a configuration.
///
/// @param path its place, as dotted keys (`cache.ttl`) or `file: keys`
/// @param message what is wrong, including the value, and the fix
public record Problem(String path, String message) {
  @Override
  public String toString() {
    return path.isEmpty() ? message : path + ": " + message;
  }
}
