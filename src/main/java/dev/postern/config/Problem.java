package dev.postern.config;

/// One thing that is wrong in a configuration.
///
/// @param path where it stands, as dotted keys (`cache.ttl`) or `file: keys`
/// @param message what is wrong, with the value and the way out
public record Problem(String path, String message) {
  @Override
  public String toString() {
    return path.isEmpty() ? message : path + ": " + message;
  }
}
