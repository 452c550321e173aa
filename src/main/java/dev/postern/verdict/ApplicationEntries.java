package dev.postern.verdict;

/// Entry count and memory use of one application.
///
/// @param bytes memory of the entries; a shared line is counted only for the entry that pays for it
public record ApplicationEntries(String application, long entries, long bytes) {
  ApplicationEntries plus(ApplicationEntries other) {
    return new ApplicationEntries(application, entries + other.entries, bytes + other.bytes);
  }
}
