package dev.postern.accesslog.line;

import dev.postern.config.AccessLogConfig.Filters;

/// Which requests are logged: those that meet one of the conditions, all where there is none.
///
/// @param config the conditions
record Filter(Filters config) {
  /// Whether a request is logged.
  ///
  /// @param status what was sent
  /// @param retries how often it was retried
  /// @param nanos how long it took
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
