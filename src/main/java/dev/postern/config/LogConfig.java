package dev.postern.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The program's own log, with Traefik's options.
///
/// @param level least level that is written
/// @param format how a line looks
/// @param filePath where lines go instead of standard output
/// @param noColor no colours on a terminal
public record LogConfig(Level level, Format format, @Nullable Path filePath, boolean noColor) {
  /// Traefik's levels.
  public enum Level {
    /// everything
    TRACE,
    /// what helps to find a fault
    DEBUG,
    /// what an operator wants to know
    INFO,
    /// what should be looked at
    WARN,
    /// what is broken
    ERROR
  }

  /// The two forms of a line.
  public enum Format {
    /// for people
    COMMON,
    /// one JSON object a line
    JSON
  }
}
