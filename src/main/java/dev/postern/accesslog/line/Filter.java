package dev.postern.accesslog.line;

import dev.postern.config.AccessLogConfig.Filters;

/// Selects the requests that are logged: those that meet one of the conditions; all if there is
/// none.
record Filter(Filters config) {
  /// Whether a request is logged.
  ///
  /// @param status the status that was sent
  /// @param retries number of retries
  /// @param nanos duration in nanoseconds
  boolean keeps(int status, int retries, long nanos) {
    boolean isOff =
        config.statusCodes().isEmpty()
            && !config.retryAttempts()
            && !config.minDuration().isPositive();
    return isOff
        || config.statusCodes().stream()
            .anyMatch(range -> range.first() <= status && status <= range.last())
        || (config.retryAttempts() && retries > 0)
        || (config.minDuration().isPositive() && nanos > config.minDuration().toNanos());
  }
}
