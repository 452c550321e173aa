package dev.postern.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The program's own log, with Traefik's options.
///
/// @param level minimum level
/// @param format line format
/// @param filePath file to write to, or null for standard output
/// @param noColor disables colours on a terminal
public record LogConfig(Level level, Format format, @Nullable Path filePath, boolean noColor) {
  /// Traefik's levels.
  public enum Level {
    /// all messages
    TRACE,
    /// details for finding a fault
    DEBUG,
    /// normal events
    INFO,
    /// something may need attention
    WARN,
    /// something does not work
    ERROR
  }

  /// Line formats.
  public enum Format {
    /// readable text
    COMMON,
    /// one JSON object per line
    JSON
  }
}
