package dev.postern.app;

import dev.postern.config.StaticConfig;
import dev.postern.verdict.ApplicationEntries;
import dev.postern.verdict.VerdictCache;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Admin API views of the cache and the configuration.
final class AdminViews {
  /// Caps the list: without a configured application, clients choose its names (hosts).
  private static final int MAX_APPLICATIONS = 100;

  private AdminViews() {}

  /// `/api/entries`: total counts, and those of the applications with the most entries. Contains no
  /// identities and no credentials.
  static Map<String, ?> entries(VerdictCache cache, long maxBytes) {
    List<ApplicationEntries> all =
        cache.entriesByApplication().stream()
            .sorted(
                Comparator.comparingLong(ApplicationEntries::entries)
                    .reversed()
                    .thenComparing(ApplicationEntries::application))
            .toList();
    List<ApplicationEntries> shown = all.subList(0, Math.min(MAX_APPLICATIONS, all.size()));
    List<ApplicationEntries> rest = all.subList(shown.size(), all.size());
    Map<String, Object> view = new LinkedHashMap<>();
    // Summed here, because the cache's own count lags behind a revocation.
    view.put("entries", sum(all));
    view.put("bytes", cache.entryBytes());
    view.put("maxBytes", maxBytes);
    view.put("applications", shown.stream().map(AdminViews::row).toList());
    view.put("applicationsNotShown", rest.size());
    view.put("entriesNotShown", sum(rest));
    return view;
  }

  private static long sum(List<ApplicationEntries> counts) {
    return counts.stream().mapToLong(ApplicationEntries::entries).sum();
  }

  private static Map<String, ?> row(ApplicationEntries count) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("application", count.application());
    row.put("entries", count.entries());
    row.put("bytes", count.bytes());
    return row;
  }

  /// `/api/config`: the configuration in effect by section, as in the log; secrets are `***`.
  static Map<String, ?> config(StaticConfig config) {
    return config.effective().sections();
  }
}
