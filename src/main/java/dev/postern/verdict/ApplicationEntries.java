package dev.postern.verdict;

/// How much is remembered of one application.
///
/// @param application its name
/// @param entries number of entries
/// @param bytes memory that they take, each shared line counted where it is paid for
public record ApplicationEntries(String application, long entries, long bytes) {
  /// Adds another count to this one.
  ApplicationEntries plus(ApplicationEntries other) {
    return new ApplicationEntries(application, entries + other.entries, bytes + other.bytes);
  }
}
